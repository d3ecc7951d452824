using Mka1.Edge.Gateway.Pipeline;

namespace Mka1.Edge.Gateway.Telemetry;

/// <summary>Log events of Telemetry: 2500–2599. The access line: no content, no key, no caller.</summary>
internal static partial class TelemetryLog
{
    [LoggerMessage(
        2500,
        LogLevel.Information,
        "{Method} {Route} {Status} {Error}: request {RequestId}, trace {TraceId}, model {Model}, variant {Variant}, destination {Destination}, end {End}, {InputTokens} + {OutputTokens} tokens, first token after {FirstTokenMilliseconds:F1} ms, {Milliseconds:F1} ms.")]
    public static partial void Answered(
        this ILogger logger,
        string? requestId,
        string? traceId,
        string method,
        string? route,
        int status,
        string? error,
        string? model,
        string? variant,
        string? destination,
        RunEnd? end,
        long? inputTokens,
        long? outputTokens,
        double? firstTokenMilliseconds,
        double milliseconds);
}
