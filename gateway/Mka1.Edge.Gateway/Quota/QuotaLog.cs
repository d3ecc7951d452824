namespace Mka1.Edge.Gateway.Quota;

/// <summary>Log events of Quota: 1200–1299. Ids of shares are the gateway's own and name nobody.</summary>
internal static partial class QuotaLog
{
    [LoggerMessage(1200, LogLevel.Warning, "The share {Share} could not be settled; it lapses with its lease.")]
    public static partial void NotSettled(this ILogger logger, string share, Exception exception);

    [LoggerMessage(1201, LogLevel.Information, "{Count} shares whose replica is gone were settled by the ledger, {Spent} of them with tokens spent.")]
    public static partial void Reclaimed(this ILogger logger, int count, int spent);

    [LoggerMessage(1202, LogLevel.Error, "The shares of quotas could not be renewed or reclaimed.")]
    public static partial void KeeperFailed(this ILogger logger, Exception exception);
}
