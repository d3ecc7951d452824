using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Stores.Paging;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Stores.Safety;

/// <summary>Subjects and audit that live as long as the process.</summary>
/// <param name="enqueue">Takes notifications.</param>
/// <param name="capacity">Subjects kept; of those on the lowest rung, the ones longest unseen give way.</param>
/// <param name="auditCapacity">Entries kept of each tenant's audit; the oldest give way.</param>
public sealed class MemorySafetyStore(
    Action<WebhookEvent> enqueue, int capacity = MemorySafetyStore.DefaultCapacity, int auditCapacity = MemorySafetyStore.DefaultAuditCapacity) : ISafetyStore
{
    /// <summary>Subjects kept when nobody says otherwise.</summary>
    public const int DefaultCapacity = 100_000;

    /// <summary>Entries kept of each tenant's audit when nobody says otherwise.</summary>
    public const int DefaultAuditCapacity = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Tenant, SafetySubject Subject), SafetyRecord> _records = [];
    private readonly Dictionary<string, List<SafetyAuditEntry>> _audits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _batches = new(StringComparer.Ordinal);
    private readonly PriorityQueue<(string Tenant, SafetySubject Subject), DateTimeOffset> _due = new();

    /// <summary>Outlives every entry, so that the chain goes on where it was.</summary>
    private readonly Dictionary<string, SafetyChain> _chains = new(StringComparer.Ordinal);

    public ValueTask<SafetyRecord?> FindAsync(string tenant, SafetySubject subject, CancellationToken cancellation = default)
    {
        lock (_gate) return ValueTask.FromResult(_records.GetValueOrDefault((tenant, subject)));
    }

    public ValueTask<IReadOnlyList<SafetyRecord>> ApplyAsync(
        SafetyBatch batch, SafetyLadder ladder, DateTimeOffset now, SafetyNotify notify, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            var isNew = batch is { Deltas.Count: 0, Orders.Count: 0 } || IsNew(batch);
            var books = new SafetyBooks(ladder, now, notify);
            var deltas = batch.Deltas.ToDictionary(delta => (delta.Tenant, delta.Subject));
            var orders = batch.Orders.ToLookup(order => (order.Tenant, order.Subject));
            var changed = new List<SafetyRecord>();
            foreach (var key in deltas.Keys.Concat(orders.Select(group => group.Key)).Concat(Due(now)).Distinct().ToList())
            {
                var known = _records.GetValueOrDefault(key) ?? SafetyRecord.New(key.Tenant, key.Subject, deltas.GetValueOrDefault(key)?.FirstSeen ?? now);
                var record = isNew ? books.Settle(known, deltas.GetValueOrDefault(key), orders[key]) : books.Settle(known, null, []);
                _records[key] = record;
                if (SafetyPolicy.NextChange(record.Standing, ladder) is { } at) _due.Enqueue(key, at);
                changed.Add(record);
            }

            foreach (var draft in books.Audit) Append(draft);
            foreach (var webhook in books.Webhooks) enqueue(webhook);
            Forget(now);
            return ValueTask.FromResult<IReadOnlyList<SafetyRecord>>(changed);
        }
    }

    public ValueTask<Page<SafetyAuditEntry>?> AuditAsync(string tenant, PageQuery query, CancellationToken cancellation = default)
    {
        lock (_gate) return ValueTask.FromResult(Pages.Of<SafetyAuditEntry>(_audits.GetValueOrDefault(tenant) ?? [], entry => entry.Seq.ToString(), query));
    }

    public ValueTask<SafetyVerdict> VerifyAsync(string tenant, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            var entries = _audits.GetValueOrDefault(tenant) ?? [];
            var walk = entries.Count == 0 ? new SafetyChain() : new SafetyChain(entries[0].Seq - 1, entries[0].PrevHash);
            foreach (var entry in entries)
            {
                if (walk.Next(entry) is { } fault) return ValueTask.FromResult(walk.Verdict(fault));
            }

            return ValueTask.FromResult(walk.Verdict());
        }
    }

    private bool IsNew(SafetyBatch batch)
    {
        if (_batches.TryGetValue(batch.Source, out var last) && last >= batch.Number) return false;
        if (_batches.Count > capacity) _batches.Clear();
        _batches[batch.Source] = batch.Number;
        return true;
    }

    private IEnumerable<(string Tenant, SafetySubject Subject)> Due(DateTimeOffset now)
    {
        while (_due.TryPeek(out var key, out var at) && at <= now)
        {
            _due.Dequeue();
            if (_records.ContainsKey(key)) yield return key;
        }
    }

    private void Append(SafetyAuditEntry draft)
    {
        if (!_chains.TryGetValue(draft.Tenant, out var chain)) _chains[draft.Tenant] = chain = new SafetyChain();
        if (!_audits.TryGetValue(draft.Tenant, out var entries)) _audits[draft.Tenant] = entries = [];
        entries.Add(chain.Append(draft));
        if (entries.Count > auditCapacity) entries.RemoveRange(0, entries.Count - auditCapacity);
    }

    private void Forget(DateTimeOffset now)
    {
        if (_records.Count <= capacity) return;

        // A tenth more than needed, so that looking for the oldest is seldom.
        var surplus = _records.Count - capacity + (capacity / 10);
        foreach (var record in _records.Values.OrderBy(r => r.Standing.EffectiveAt(now)).ThenBy(r => r.LastSeen).Take(surplus).ToList())
            _records.Remove((record.Tenant, record.Subject));
    }
}
