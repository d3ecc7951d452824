using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Settlement;

/// <summary>Log events of Settlement: 1900–1999. One line a run; prompts, answers, keys and callers never stand in it: whose run it was, the ledger's row of the response says.</summary>
internal static partial class SettlementLog
{
    [LoggerMessage(
        1900,
        LogLevel.Information,
        "Run ended: request {RequestId}, response {ResponseId}, model {Model}, destination {Destination}, end {End}, error {Error}, {InputTokens} + {OutputTokens} tokens, {Milliseconds:F1} ms.")]
    public static partial void RunEnded(
        this ILogger logger,
        string requestId,
        string responseId,
        string? model,
        string? destination,
        RunEnd end,
        ErrorCode? error,
        long inputTokens,
        long outputTokens,
        double milliseconds);
}
