using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Stores.Quota;

/// <summary>
/// Quota counters: an exact ledger of integers that any number of replicas share. Windows slide: in no stretch of time as long
/// as a window is more granted than its limit.
/// </summary>
public interface IQuotaStore
{
    /// <summary>Decides on a request in one step, and takes its share of every counter or of none.</summary>
    /// <exception cref="StoreUnavailableException">Nothing is known; the share, if it was taken, comes free with its lease.</exception>
    ValueTask<QuotaDecision> TakeAsync(QuotaRequest request, CancellationToken cancellation = default);

    /// <summary>Puts what a request has come to in the place of what was set aside for it. Bears repeating; an unknown id changes nothing.</summary>
    /// <exception cref="StoreUnavailableException">It may or may not be settled; say so again.</exception>
    ValueTask SettleAsync(string id, QuotaUsage usage, CancellationToken cancellation = default);

    /// <summary>
    /// Settles a share whose lease is over by what is known of it. Should its holder be alive after all, what it says counts:
    /// <see cref="SettleAsync"/> puts it right within ten minutes.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It may or may not be settled; say so again.</exception>
    ValueTask ReclaimAsync(string id, QuotaUsage usage, CancellationToken cancellation = default);

    /// <summary>Holds shares for another <paramref name="lease"/>; one that had come free meanwhile is taken again.</summary>
    /// <exception cref="StoreUnavailableException">Ask again.</exception>
    ValueTask RenewAsync(IReadOnlyCollection<string> ids, TimeSpan lease, CancellationToken cancellation = default);

    /// <summary>
    /// Ids of shares whose lease is over, to be settled by whoever asks: nobody else is given them for
    /// <paramref name="hold"/>. Until then they still count, but for requests in flight, which are free at once.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Ask again.</exception>
    ValueTask<IReadOnlyList<string>> TakeExpiredAsync(int limit, TimeSpan hold, CancellationToken cancellation = default);
}
