using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Paging;
using Mka1.Edge.Stores.Safety;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>A store that can be taken away, before or after it has done what it was asked, or made to leave its callers waiting.</summary>
internal sealed class FaultySafetyStore(ISafetyStore store) : ISafetyStore
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsAway { get; set; }

    /// <summary>Whether a batch is carried out and its sender told that it may not have been.</summary>
    public bool LosesAnswers { get; set; }

    public bool Hangs { get; set; }

    public int Lookups { get; private set; }

    public async ValueTask<SafetyRecord?> FindAsync(string tenant, SafetySubject subject, CancellationToken cancellation = default)
    {
        Lookups++;
        if (Hangs) await _over.Task;
        Check();
        return await store.FindAsync(tenant, subject, cancellation);
    }

    public async ValueTask<IReadOnlyList<SafetyRecord>> ApplyAsync(
        SafetyBatch batch, SafetyLadder ladder, DateTimeOffset now, SafetyNotify notify, CancellationToken cancellation = default)
    {
        Check();
        var records = await store.ApplyAsync(batch, ladder, now, notify, cancellation);
        return LosesAnswers ? throw new StoreUnavailableException("postgres") : records;
    }

    public ValueTask<Page<SafetyAuditEntry>?> AuditAsync(string tenant, PageQuery query, CancellationToken cancellation = default)
    {
        Check();
        return store.AuditAsync(tenant, query, cancellation);
    }

    public ValueTask<SafetyVerdict> VerifyAsync(string tenant, CancellationToken cancellation = default) => store.VerifyAsync(tenant, cancellation);

    private void Check()
    {
        if (IsAway) throw new StoreUnavailableException("postgres");
    }
}
