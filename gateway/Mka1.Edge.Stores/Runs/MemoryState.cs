using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Ledger;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Stores.Runs;

/// <summary>What the stores of responses and of runs share when both are in memory. Everything happens under <see cref="Gate"/>.</summary>
/// <param name="time">The clock.</param>
/// <param name="append">Appends to a conversation, if it is there.</param>
/// <param name="enqueue">Takes a notification in.</param>
/// <param name="ledger">Where what a run cost is written.</param>
/// <param name="capacity">Ended responses kept; the one that ended first goes first.</param>
public sealed class MemoryState(
    TimeProvider time, Func<ConversationAppend, bool> append, Action<WebhookEvent> enqueue, ILedger ledger, int capacity = MemoryState.DefaultCapacity)
{
    /// <summary>Ended responses kept when nobody says otherwise.</summary>
    public const int DefaultCapacity = 10_000;

    private readonly Dictionary<string, MemoryEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<Owner, List<MemoryEntry>> _byOwner = [];
    private readonly Dictionary<string, List<MemoryEntry>> _byItem = new(StringComparer.Ordinal);
    private readonly LinkedList<MemoryEntry> _ended = new();
    private readonly HashSet<MemoryEntry> _held = [];
    private readonly SortedSet<MemoryEntry> _queued = new(Comparer<MemoryEntry>.Create(InQueueOrder));
    private long _next;

    internal Lock Gate { get; } = new();

    internal TimeProvider Time { get; } = time;

    /// <summary>Runs that some replica holds.</summary>
    internal IReadOnlyCollection<MemoryEntry> Held => _held;

    /// <summary>Runs for any replica, by priority and then by age.</summary>
    internal IReadOnlyCollection<MemoryEntry> Queued => _queued;

    internal MemoryEntry? Find(string id) => _entries.GetValueOrDefault(id);

    internal MemoryEntry? Find(Owner owner, string id) => Find(id) is { } entry && entry.Response.Owner == owner ? entry : null;

    /// <summary>The owner's responses, oldest first.</summary>
    internal IReadOnlyList<MemoryEntry> Of(Owner owner) => _byOwner.GetValueOrDefault(owner) ?? [];

    internal IEnumerable<MemoryEntry> Holding(string itemId) => _byItem.GetValueOrDefault(itemId) ?? [];

    internal void Add(ResponseAddition addition)
    {
        if (_entries.ContainsKey(addition.Response.Id)) return;
        var entry = new MemoryEntry(_next++) { Response = addition.Response with { StoredAt = Time.GetUtcNow() }, Run = addition.Run };
        _entries.Add(addition.Response.Id, entry);
        if (!_byOwner.TryGetValue(entry.Response.Owner, out var owned)) _byOwner[entry.Response.Owner] = owned = [];
        owned.Add(entry);
        AddItems(entry, addition.ItemIds);
        if (entry.Run is { } run) (run.Replica is null ? (ICollection<MemoryEntry>)_queued : _held).Add(entry);
        else MarkEnded(entry);
        Effect(addition.Conversation, addition.Webhook, addition.Ledger);
    }

    internal void End(MemoryEntry entry, RunEnding ending)
    {
        Forget(entry);
        entry.Response = entry.Response with { Status = ending.Status, Body = ending.Body, TerminalSequence = ending.TerminalSequence };
        AddItems(entry, ending.OutputItemIds);
        MarkEnded(entry);
        Effect(ending.Conversation, ending.Webhook, ending.Ledger);
    }

    /// <summary>Gives a run to a replica, or to the queue.</summary>
    internal void Hand(MemoryEntry entry, string? replica)
    {
        var run = entry.Run!;
        Forget(entry);
        entry.Run = run with { Replica = replica };
        if (replica is null)
        {
            _queued.Add(entry);
        }
        else
        {
            entry.Fence++;
            _held.Add(entry);
        }
    }

    internal void Remove(MemoryEntry entry)
    {
        Forget(entry);
        if (entry.Ended is { } node) _ended.Remove(node);
        _entries.Remove(entry.Response.Id);
        var owned = _byOwner[entry.Response.Owner];
        owned.Remove(entry);
        if (owned.Count == 0) _byOwner.Remove(entry.Response.Owner);
        foreach (var id in entry.ItemIds)
        {
            if (!_byItem.TryGetValue(id, out var holders)) continue;
            holders.Remove(entry);
            if (holders.Count == 0) _byItem.Remove(id);
        }
    }

    internal void Notify(WebhookEvent webhook) => enqueue(webhook);

    private static int InQueueOrder(MemoryEntry a, MemoryEntry b) =>
        a.Run!.Priority != b.Run!.Priority ? b.Run.Priority.CompareTo(a.Run.Priority) : a.Sequence.CompareTo(b.Sequence);

    private void Forget(MemoryEntry entry)
    {
        if (entry.Run is null) return;
        _queued.Remove(entry);
        _held.Remove(entry);
        entry.Run = null;
    }

    private void AddItems(MemoryEntry entry, IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
        {
            entry.ItemIds.Add(id);
            if (!_byItem.TryGetValue(id, out var holders)) _byItem[id] = holders = [];
            holders.Add(entry);
        }
    }

    private void MarkEnded(MemoryEntry entry)
    {
        entry.Ended = _ended.AddLast(entry);
        while (_ended.Count > capacity) Remove(_ended.First!.Value);
    }

    private void Effect(ConversationAppend? conversation, WebhookEvent? webhook, LedgerEntry? entry)
    {
        if (conversation is not null) append(conversation);
        if (webhook is not null) enqueue(webhook);
        // A ledger beside stores in memory is in memory too: it is done when the call returns.
        if (entry is not null) ledger.AppendAsync(entry).AsTask().GetAwaiter().GetResult();
    }
}
