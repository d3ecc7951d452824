using System.Diagnostics.CodeAnalysis;

namespace Mka1.Edge.Inference.Engine;

/// <summary>First come, first served; a request that is cancelled while it waits leaves at once and frees its place.</summary>
internal sealed class RequestQueue(int workers, int maxQueued)
{
    // A monitor, not a Lock: workers wait on it.
    private readonly object _lock = new();
    private readonly LinkedList<GenerationStream> _waiting = new();
    private readonly HashSet<GenerationStream> _active = [];
    private bool _closed;

    public int Waiting
    {
        get
        {
            lock (_lock)
                return Math.Max(0, _waiting.Count - Idle);
        }
    }

    /// <summary>Requests at work, and those about to be picked up by an idle worker.</summary>
    public int Active
    {
        get
        {
            lock (_lock)
                return _active.Count + Math.Min(_waiting.Count, Idle);
        }
    }

    private int Idle => workers - _active.Count;

    /// <summary>Takes a place in line.</summary>
    /// <exception cref="EngineOverloadedException">There is none.</exception>
    public void Add(GenerationStream stream)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(InferenceEngine));
            if (_active.Count + _waiting.Count >= workers + maxQueued)
                throw new EngineOverloadedException(_active.Count, _waiting.Count);
            _waiting.AddLast(stream);
            Monitor.Pulse(_lock);
        }
        stream.Stopped.UnsafeRegister(static (state, _) =>
        {
            var (queue, stream) = ((RequestQueue, GenerationStream))state!;
            queue.Leave(stream);
        }, (this, stream));
    }

    /// <summary>Waits for the next request; false when the queue is closed.</summary>
    public bool TryTake([NotNullWhen(true)] out GenerationStream? stream)
    {
        lock (_lock)
        {
            while (_waiting.Count == 0 && !_closed)
                Monitor.Wait(_lock);
            stream = _waiting.First?.Value;
            if (stream is null)
                return false;
            _waiting.RemoveFirst();
            _active.Add(stream);
            return true;
        }
    }

    /// <summary>A request taken earlier is done.</summary>
    public void Done(GenerationStream stream)
    {
        lock (_lock)
            _active.Remove(stream);
    }

    /// <summary>Stops all requests, at work or waiting, and sends the workers home.</summary>
    public void Close()
    {
        GenerationStream[] all;
        lock (_lock)
        {
            _closed = true;
            all = [.. _active, .. _waiting];
            Monitor.PulseAll(_lock);
        }
        foreach (var stream in all)
            stream.Stop();
    }

    private void Leave(GenerationStream stream)
    {
        bool waiting;
        lock (_lock)
            waiting = _waiting.Remove(stream);
        if (waiting)
            stream.End(new OperationCanceledException());
    }
}
