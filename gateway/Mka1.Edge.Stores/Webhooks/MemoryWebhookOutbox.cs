using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Stores.Webhooks;

/// <summary>Deliveries that live as long as the process.</summary>
/// <param name="clock">Says what is due.</param>
/// <param name="capacity">Deliveries kept; the oldest gives way.</param>
public sealed class MemoryWebhookOutbox(TimeProvider clock, int capacity = MemoryWebhookOutbox.DefaultCapacity) : IWebhookOutbox
{
    /// <summary>Deliveries kept when nobody says otherwise.</summary>
    public const int DefaultCapacity = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _byId = new(StringComparer.Ordinal);
    private readonly Queue<Entry> _byAge = new();

    public ValueTask<IReadOnlyList<WebhookDelivery>> ClaimDueAsync(
        int max, int perReceiver, TimeSpan lease, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var due = _byAge.Where(e => e.State == WebhookState.Pending && e.NextAttemptAt <= now && !(e.ClaimedUntil > now)).ToList();
            if (due.Count == 0) return ValueTask.FromResult<IReadOnlyList<WebhookDelivery>>([]);

            var outNow = _byAge.Where(e => e.ClaimedUntil > now).CountBy(e => e.Receiver).ToDictionary();
            var claimed = new List<WebhookDelivery>();
            foreach (var entry in due.OrderBy(e => e.NextAttemptAt))
            {
                if (claimed.Count >= max) break;
                var ofReceiver = outNow.GetValueOrDefault(entry.Receiver);
                if (ofReceiver >= perReceiver) continue;
                outNow[entry.Receiver] = ofReceiver + 1;
                entry.ClaimedUntil = now + lease;
                claimed.Add(entry.Snapshot());
            }

            return ValueTask.FromResult<IReadOnlyList<WebhookDelivery>>(claimed);
        }
    }

    public ValueTask RecordAsync(
        string eventId, WebhookAttempt attempt, WebhookState state, TimeSpan? retryAfter, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(eventId, out var entry)) return ValueTask.CompletedTask;
            entry.Add(attempt);
            if (entry.State == WebhookState.Pending) entry.MoveTo(state, clock.GetUtcNow() + retryAfter);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<WebhookDelivery>> ListAsync(Owner owner, string responseId, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<WebhookDelivery>>(
                [.. _byAge.Where(e => e.Event.Owner == owner && e.Event.ResponseId == responseId).Select(e => e.Snapshot())]);
        }
    }

    public ValueTask<bool> RedeliverAsync(Owner owner, string responseId, string eventId, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(eventId, out var entry) || entry.Event.Owner != owner || entry.Event.ResponseId != responseId)
                return ValueTask.FromResult(false);
            entry.State = WebhookState.Pending;
            entry.NextAttemptAt = clock.GetUtcNow();
            return ValueTask.FromResult(true);
        }
    }

    /// <summary>Takes a notification in, due at once. For the memory stores, whose changes it comes with; one that is there already stays.</summary>
    internal void Enqueue(WebhookEvent e)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var entry = new Entry(e, now) { NextAttemptAt = now };
            if (!_byId.TryAdd(e.Id, entry)) return;
            _byAge.Enqueue(entry);
            if (_byAge.Count > capacity) _byId.Remove(_byAge.Dequeue().Event.Id);
        }
    }

    private sealed class Entry(WebhookEvent e, DateTimeOffset createdAt)
    {
        private readonly List<WebhookAttempt> _attempts = [];

        public WebhookEvent Event { get; } = e;

        public string Receiver { get; } = e.Target.Receiver;

        public WebhookState State { get; set; }

        public DateTimeOffset? NextAttemptAt { get; set; }

        public DateTimeOffset? ClaimedUntil { get; set; }

        public void Add(WebhookAttempt attempt)
        {
            if (_attempts.Any(known => known.At == attempt.At)) return;
            _attempts.Add(attempt);
            _attempts.Sort((a, b) => a.At.CompareTo(b.At));
            if (_attempts.Count > IWebhookOutbox.AttemptsKept) _attempts.RemoveAt(0);
        }

        public void MoveTo(WebhookState state, DateTimeOffset? next)
        {
            State = state;
            NextAttemptAt = state == WebhookState.Pending ? next : null;
            ClaimedUntil = null;
        }

        public WebhookDelivery Snapshot() => new(Event, createdAt, State, NextAttemptAt, [.. _attempts]);
    }
}
