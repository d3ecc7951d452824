namespace Mka1.Edge.Gateway.Runs;

/// <summary>Log events of Runs: 2000–2099.</summary>
internal static partial class RunsLog
{
    [LoggerMessage(2000, LogLevel.Warning, "Stream {ResponseId} goes on without its log: the store is away.")]
    public static partial void StreamNotLogged(this ILogger logger, string responseId);

    [LoggerMessage(2001, LogLevel.Warning, "The log of stream {ResponseId} has a hole and is given up; who resumes gets the end only.")]
    public static partial void LogGivenUp(this ILogger logger, string responseId);

    [LoggerMessage(2002, LogLevel.Warning, "The end of response {ResponseId} cannot be stored now; it will be as soon as the store is back.")]
    public static partial void EndNotStored(this ILogger logger, string responseId);

    [LoggerMessage(2003, LogLevel.Error, "Response {ResponseId}: the run broke off.")]
    public static partial void RunFaulted(this ILogger logger, string responseId, Exception exception);

    [LoggerMessage(2004, LogLevel.Warning, "Response {ResponseId}: taken over from a replica that gave no sign of life; {Outcome}.")]
    public static partial void OrphanTaken(this ILogger logger, string responseId, string outcome);

    [LoggerMessage(2005, LogLevel.Warning, "The store of runs is away: {Store}. Nothing is taken over until it has answered for a whole lease.")]
    public static partial void BeatFailed(this ILogger logger, string store);

    [LoggerMessage(2006, LogLevel.Information, "The store of runs answers again.")]
    public static partial void BeatAgain(this ILogger logger);

    [LoggerMessage(2007, LogLevel.Information, "Response {ResponseId}: another holder ended the run; ours stops.")]
    public static partial void RunFenced(this ILogger logger, string responseId);

    [LoggerMessage(2008, LogLevel.Error, "Looking for work failed.")]
    public static partial void ClaimFailed(this ILogger logger, Exception exception);
}
