using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer;

/// <summary>Every log message of this assembly. Ids: 1000 host, 1100 requests, 1200 answers. Prompts and keys are never logged.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "Serving {Model}: {Parameters} parameters in {Bytes} bytes, context window {ContextWindow}, loaded in {Elapsed}.")]
    public static partial void ModelLoaded(this ILogger logger, string model, long parameters, long bytes, int contextWindow, TimeSpan elapsed);

    [LoggerMessage(1001, LogLevel.Information, "Warmed up: {Tokens} tokens in {Elapsed}.")]
    public static partial void WarmedUp(this ILogger logger, int tokens, TimeSpan elapsed);

    [LoggerMessage(1100, LogLevel.Debug, "Request {RequestId} refused: {Status} {Code} {Param}.")]
    public static partial void Refused(this ILogger logger, string requestId, int status, string code, string? param);

    [LoggerMessage(1101, LogLevel.Error, "Request {RequestId} failed.")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string requestId);

    [LoggerMessage(1200, LogLevel.Information, "Answered {ResponseId}: {Status}, {InputTokens} tokens in, {OutputTokens} out, {Elapsed}.")]
    public static partial void Answered(this ILogger logger, string responseId, ResponseStatus status, long inputTokens, long outputTokens, TimeSpan elapsed);

    [LoggerMessage(1201, LogLevel.Information, "Abandoned {ResponseId}: the caller left after {OutputTokens} tokens.")]
    public static partial void Abandoned(this ILogger logger, string responseId, long outputTokens);

    [LoggerMessage(1202, LogLevel.Warning, "Cut off request {RequestId}: its reader took nothing for {Limit}.")]
    public static partial void Stalled(this ILogger logger, string requestId, TimeSpan limit);

    [LoggerMessage(1203, LogLevel.Error, "Answer {ResponseId} failed after {OutputTokens} tokens.")]
    public static partial void AnswerFailed(this ILogger logger, Exception exception, string responseId, long outputTokens);
}
