using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Stores.Runs;

/// <summary>Runs that live as long as the process, for the replicas within it.</summary>
public sealed class MemoryRunStore(MemoryState state) : IRunStore
{
    private readonly Dictionary<string, Life> _alive = new(StringComparer.Ordinal);

    public ValueTask BeatAsync(string replica, TimeSpan lease, CancellationToken cancellation = default)
    {
        lock (state.Gate)
        {
            var now = state.Time.GetTimestamp();
            var until = now + (long)(lease.TotalSeconds * state.Time.TimestampFrequency);
            var since = _alive.TryGetValue(replica, out var before) && before.Until >= now ? before.Since : now;
            foreach (var gone in _alive.Where(r => r.Value.Until < now).Select(r => r.Key).ToList()) _alive.Remove(gone);
            _alive[replica] = new Life(since, until, until - now);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask LeaveAsync(string replica, CancellationToken cancellation = default)
    {
        lock (state.Gate) _alive.Remove(replica);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<StoredRun>> ClaimAsync(string replica, int slots, int perTenant, CancellationToken cancellation = default)
    {
        lock (state.Gate) return ValueTask.FromResult(Hand(Choose(slots, perTenant), replica));
    }

    public ValueTask<IReadOnlyList<StoredRun>> TakeOrphansAsync(string replica, int slots, CancellationToken cancellation = default)
    {
        lock (state.Gate)
        {
            var now = state.Time.GetTimestamp();
            if (_alive.TryGetValue(replica, out var me) && (me.Until < now || me.Since > now - me.Lease)) return ValueTask.FromResult<IReadOnlyList<StoredRun>>([]);
            var orphans = state.Held
                .Where(e => e.Run!.Replica is { } holder && holder != replica && !(_alive.TryGetValue(holder, out var life) && life.Until >= now))
                .OrderBy(e => e.Sequence).Take(slots).ToList();
            return ValueTask.FromResult(Hand(orphans, replica));
        }
    }

    public ValueTask<bool> StartAsync(
        string responseId, int fence, ReadOnlyMemory<byte> body, WebhookEvent? webhook, CancellationToken cancellation = default) => Change(
        responseId,
        fence,
        entry =>
        {
            entry.Response = entry.Response with { Status = StoredStatus.InProgress, Body = body };
            if (webhook is not null) state.Notify(webhook);
        });

    public ValueTask<bool> MarkEmittedAsync(string responseId, int fence, CancellationToken cancellation = default) =>
        Change(responseId, fence, entry => entry.Emitted = true);

    public ValueTask<bool> ReleaseAsync(string responseId, int fence, CancellationToken cancellation = default) => Change(
        responseId,
        fence,
        entry =>
        {
            state.Hand(entry, null);
            entry.Response = entry.Response with { Status = StoredStatus.Queued };
        });

    public ValueTask<bool> FinishAsync(RunEnding ending, CancellationToken cancellation = default)
    {
        lock (state.Gate)
        {
            if (state.Find(ending.Owner, ending.ResponseId) is not { } entry) return ValueTask.FromResult(false);
            if (entry.Run is null) return ValueTask.FromResult(IsRepeat(entry.Response, ending));
            if (ending.Fence is { } fence && !IsHeld(entry, fence)) return ValueTask.FromResult(false);
            state.End(entry, ending);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<StoredRun?> PeekAsync(string responseId, CancellationToken cancellation = default)
    {
        lock (state.Gate) return ValueTask.FromResult(state.Find(responseId) is { Run: not null } entry ? entry.ToRun() : null);
    }

    public ValueTask<long> QueuedAsync(CancellationToken cancellation = default)
    {
        lock (state.Gate) return ValueTask.FromResult((long)state.Queued.Count);
    }

    private static bool IsHeld(MemoryEntry entry, int fence) => entry.Run?.Replica is not null && entry.Fence == fence;

    private static bool IsRepeat(StoredResponse response, RunEnding ending) =>
        response.Status == ending.Status && response.TerminalSequence == ending.TerminalSequence && response.Body.Span.SequenceEqual(ending.Body.Span);

    /// <summary>
    /// A candidate's load is what its tenant would have in progress before it: the order by load is that of dealing slots out one
    /// by one to whoever has the fewest.
    /// </summary>
    private List<MemoryEntry> Choose(int slots, int perTenant)
    {
        var load = state.Held.Where(e => e.Response.Background).CountBy(e => e.Response.Owner.TenantId).ToDictionary(StringComparer.Ordinal);
        var chosen = new Dictionary<string, int>(StringComparer.Ordinal);
        var candidates = new List<(MemoryEntry Entry, int Load)>();
        foreach (var entry in state.Queued)
        {
            var tenant = entry.Response.Owner.TenantId;
            var before = chosen.GetValueOrDefault(tenant);
            var at = load.GetValueOrDefault(tenant) + before;
            if (before >= slots || at >= perTenant) continue;
            chosen[tenant] = before + 1;
            candidates.Add((entry, at));
        }

        return
        [
            .. candidates.OrderByDescending(c => c.Entry.Run!.Priority).ThenBy(c => c.Load).ThenBy(c => c.Entry.Sequence)
                .Take(slots).Select(c => c.Entry),
        ];
    }

    private IReadOnlyList<StoredRun> Hand(List<MemoryEntry> entries, string replica)
    {
        foreach (var entry in entries) state.Hand(entry, replica);
        return [.. entries.Select(e => e.ToRun())];
    }

    private ValueTask<bool> Change(string responseId, int fence, Action<MemoryEntry> change)
    {
        lock (state.Gate)
        {
            if (state.Find(responseId) is not { } entry || !IsHeld(entry, fence)) return ValueTask.FromResult(false);
            change(entry);
            return ValueTask.FromResult(true);
        }
    }

    /// <summary>The lease of a replica, in timestamps: since when without a gap, until when, and how long one is.</summary>
    private readonly record struct Life(long Since, long Until, long Lease);
}
