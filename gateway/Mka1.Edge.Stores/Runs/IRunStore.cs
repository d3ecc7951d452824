using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Stores.Runs;

/// <summary>
/// Runs that have not ended, each held by one replica or queued for any. A replica keeps its runs for as long as it gives
/// signs of life. Every run ends exactly once: <see cref="FinishAsync"/> is true for one caller only. Every method throws
/// <see cref="StoreUnavailableException"/> when the store cannot be reached.
/// </summary>
public interface IRunStore
{
    /// <summary>
    /// A sign of life: the replica keeps its runs for <paramref name="lease"/> from now, by the store's clock. While the store is
    /// away every lease runs out, so nobody takes over anything before its own signs have come through for one whole lease.
    /// </summary>
    ValueTask BeatAsync(string replica, TimeSpan lease, CancellationToken cancellation = default);

    /// <summary>The replica leaves; what it still holds is free at once.</summary>
    ValueTask LeaveAsync(string replica, CancellationToken cancellation = default);

    /// <summary>
    /// Takes up to <paramref name="slots"/> queued runs: by priority, then from the tenants with the fewest runs in progress,
    /// then the oldest. No tenant gets beyond <paramref name="perTenant"/> runs in progress over all replicas.
    /// </summary>
    ValueTask<IReadOnlyList<StoredRun>> ClaimAsync(string replica, int slots, int perTenant, CancellationToken cancellation = default);

    /// <summary>
    /// Takes over runs whose replica's lease is over. A replica that never gave a sign of life has none. Gives nothing to a
    /// replica whose own lease lapsed within the time of one: then the store was away, and so it was for the others.
    /// </summary>
    ValueTask<IReadOnlyList<StoredRun>> TakeOrphansAsync(string replica, int slots, CancellationToken cancellation = default);

    /// <summary>Marks a queued run's response as in progress. False when the run is no longer held under <paramref name="fence"/>.</summary>
    ValueTask<bool> StartAsync(string responseId, int fence, ReadOnlyMemory<byte> body, WebhookEvent? webhook, CancellationToken cancellation = default);

    /// <summary>Notes that output is about to be seen. False when the run is no longer held under <paramref name="fence"/>.</summary>
    ValueTask<bool> MarkEmittedAsync(string responseId, int fence, CancellationToken cancellation = default);

    /// <summary>Puts a run back into the queue, for another replica. False when it is no longer held under <paramref name="fence"/>.</summary>
    ValueTask<bool> ReleaseAsync(string responseId, int fence, CancellationToken cancellation = default);

    /// <summary>
    /// Ends a run. False when it has ended already, is not held, or is held under another fencing token. The very same ending
    /// (status, body and terminal sequence) given again is true again and changes nothing: who lost the reply may ask once more.
    /// </summary>
    ValueTask<bool> FinishAsync(RunEnding ending, CancellationToken cancellation = default);

    /// <summary>A run as it stands, without taking it up; null when it has ended.</summary>
    ValueTask<StoredRun?> PeekAsync(string responseId, CancellationToken cancellation = default);

    /// <summary>Queued runs, over all tenants.</summary>
    ValueTask<long> QueuedAsync(CancellationToken cancellation = default);
}
