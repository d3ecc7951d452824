using System.Collections.Concurrent;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Safety;

namespace Mka1.Edge.Gateway.Safety;

/// <summary>
/// The subjects that are active here, the least recently active giving way, and those of them that the store must hear of. Requests
/// are judged by what lies here; for the store a subject's first one waits a little, and no request waits while it does not answer.
/// </summary>
internal sealed class SafetyTracker(EdgeConfiguration configuration, ISafetyStore store, TimeProvider clock, ILogger<SafetyTracker> logger)
{
    /// <summary>How long what the store said holds for a subject that does nothing. One that is active is told of every second.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    /// <summary>How long nobody waits for the store once it has left somebody waiting.</summary>
    private static readonly TimeSpan Respite = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<SafetySubject, LinkedListNode<TrackedSubject>> _bySubject = [];
    private readonly LinkedList<TrackedSubject> _byUse = new();
    private readonly ConcurrentQueue<TrackedSubject> _changed = new();
    private long _respiteUntil;
    private int _away;

    private SafetyConfig Settings => configuration.Current.Config.Safety;

    /// <summary>Subjects held.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _byUse.Count;
        }
    }

    /// <summary>A subject, known or not.</summary>
    public TrackedSubject Get(string tenant, SafetySubject subject)
    {
        lock (_gate)
        {
            if (_bySubject.TryGetValue(subject, out var node))
            {
                if (_byUse.First == node) return node.Value;
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return node.Value;
            }

            var capacity = Settings.TrackedSubjects;

            // Two at most: where room for fewer has been made, nobody waits until all that are too many have gone.
            for (var gone = 0; gone < 2 && _byUse.Count >= capacity; gone++)
            {
                // What the store has not got of it goes there all the same: the queue below holds it, too.
                _bySubject.Remove(_byUse.Last!.Value.Subject);
                _byUse.RemoveLast();
            }

            var tracked = new TrackedSubject(tenant, subject, clock.GetUtcNow());
            _bySubject[subject] = _byUse.AddFirst(tracked);
            return tracked;
        }
    }

    /// <summary>Waits, shortly, until the store has said what it knows of a subject.</summary>
    public async ValueTask KnowAsync(TrackedSubject tracked, CancellationToken cancellation)
    {
        if (tracked.KnownAt is { } known && clock.GetUtcNow() - known < Freshness) return;
        if (clock.GetUtcNow().UtcTicks < Interlocked.Read(ref _respiteUntil)) return;
        var answer = tracked.Ask(AskAsync);
        var patience = TimeSpan.FromMilliseconds(Settings.LookupMilliseconds);
        if (answer.IsCompleted || patience == TimeSpan.Zero) return;
        try
        {
            await answer.WaitAsync(patience, clock, cancellation);
        }
        catch (TimeoutException)
        {
            Rest();
        }
    }

    /// <summary>Notes that the store must hear of a subject.</summary>
    /// <param name="tracked">The subject.</param>
    /// <param name="first">Whether there was nothing to send before: else it is noted already.</param>
    public void Changed(TrackedSubject tracked, bool first)
    {
        // With the store away for so long that as many wait as are held, what is new is not kept for it.
        if (first && _changed.Count < Settings.TrackedSubjects) _changed.Enqueue(tracked);
    }

    /// <summary>What the store has not got yet of up to <paramref name="max"/> subjects.</summary>
    public IReadOnlyList<(TrackedSubject Tracked, SafetyDelta Delta)> Take(int max)
    {
        var taken = new List<(TrackedSubject, SafetyDelta)>();
        var subjects = new HashSet<SafetySubject>();
        var later = new List<TrackedSubject>();
        while (taken.Count < max && _changed.TryDequeue(out var tracked))
        {
            // One that gave way and came back is here twice.
            if (!subjects.Add(tracked.Subject)) later.Add(tracked);
            else if (tracked.Take() is { } delta) taken.Add((tracked, delta));
        }

        foreach (var tracked in later) _changed.Enqueue(tracked);
        return taken;
    }

    /// <summary>Takes in what the store says after a change that others may have made.</summary>
    public void Told(SafetyRecord record)
    {
        TrackedSubject? tracked;
        lock (_gate) tracked = _bySubject.GetValueOrDefault(record.Subject)?.Value;
        tracked?.Told(record, withSent: false, clock.GetUtcNow());
    }

    /// <summary>The store does not answer: told once, until it is back.</summary>
    public void Away(Exception exception)
    {
        Rest();
        if (Interlocked.Exchange(ref _away, 1) == 0) logger.StoreAway(exception);
    }

    /// <summary>The store answers.</summary>
    public void Back()
    {
        if (Interlocked.Exchange(ref _away, 0) == 1) logger.StoreBack();
    }

    private void Rest() => Interlocked.Exchange(ref _respiteUntil, (clock.GetUtcNow() + Respite).UtcTicks);

    private async Task AskAsync(TrackedSubject tracked, int told)
    {
        try
        {
            tracked.Answered(await store.FindAsync(tracked.Tenant, tracked.Subject), told, clock.GetUtcNow());
            Back();
        }
        catch (StoreUnavailableException e)
        {
            Away(e);
        }
        catch (Exception e)
        {
            // Whoever waits goes on with what is known.
            Rest();
            logger.LookupFailed(e);
        }
    }
}
