using Mka1.Edge.Stores.Streams;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>
/// The newest events of a run in progress on this replica, for any number of readers. Readers take from it at their own pace
/// and never hold it back: what falls out of the window they read from the log.
/// </summary>
internal sealed class RunFeed(int windowBytes)
{
    private readonly Lock _gate = new();
    private readonly List<StreamEntry> _window = [];
    private int _dropped;
    private int _bytes;
    private long _next;
    private State _state = State.Open;
    private TaskCompletionSource _changed = NewSignal();

    internal enum State
    {
        /// <summary>More may come.</summary>
        Open,

        /// <summary>The last event is the stream's last.</summary>
        Ended,

        /// <summary>Nothing more will come here; how the run goes on stands in the stores.</summary>
        Left,
    }

    /// <summary>The number of the next event.</summary>
    public long Next
    {
        get { lock (_gate) return _next; }
    }

    /// <summary>What a reader finds behind <paramref name="after"/>: events, whether they had fallen out of the window, and what is to come.</summary>
    public (IReadOnlyList<StreamEntry> Entries, bool Behind, State State, Task Changed) Read(long after)
    {
        lock (_gate)
        {
            if (after >= _next - 1) return ([], false, _state, _changed.Task);
            return Behind(Math.Max(after, -1) + 1) is { } entries ? (entries, false, _state, _changed.Task) : ([], true, _state, _changed.Task);
        }
    }

    /// <summary>Lets readers have the next events.</summary>
    public void Publish(IReadOnlyList<StreamEntry> entries, bool last = false)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                _window.Add(entry);
                _bytes += entry.Data.Length;
                _next = entry.Sequence + 1;
            }

            Shrink();
            if (last) _state = State.Ended;
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }

    /// <summary>Tells readers to look elsewhere. Does nothing once the stream has ended.</summary>
    public void Leave()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_state != State.Open) return;
            _state = State.Left;
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }

    /// <summary>The events from <paramref name="first"/> on, if all of them are still here; else null.</summary>
    public IReadOnlyList<StreamEntry>? From(long first)
    {
        lock (_gate) return Behind(Math.Min(first, _next));
    }

    private List<StreamEntry>? Behind(long first)
    {
        var held = _window.Count - _dropped;
        var skip = first - (_next - held);
        return skip < 0 ? null : _window.GetRange(_dropped + (int)skip, held - (int)skip);
    }

    private void Shrink()
    {
        for (; _bytes > windowBytes && _window.Count - _dropped > 1; _dropped++)
        {
            _bytes -= _window[_dropped].Data.Length;
            _window[_dropped] = default;
        }

        // Moved up only now and then: each entry is moved once at most.
        if (_dropped <= _window.Count / 2) return;
        _window.RemoveRange(0, _dropped);
        _dropped = 0;
    }

    // Readers go on from their own thread: whoever publishes must not run them.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
