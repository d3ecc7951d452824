using System.Runtime.ExceptionServices;

namespace Mka1.Edge.Inference.Kernels;

/// <summary>A few threads that share the work on one matrix.</summary>
/// <remarks>
/// <para>One request at a time has the team; while it does, other requests compute alone on their own thread. So a single
/// request uses all cores, and many requests use one each, without anybody waiting.</para>
/// <para>Work is cut into more parts than there are threads, and whoever is free takes the next. The caller takes part itself
/// and at the end waits only for parts that somebody has begun: a helper that the system does not schedule costs nothing.</para>
/// </remarks>
internal sealed class ComputeTeam : IDisposable
{
    private const int PartsPerThread = 4;

    // Some microseconds: the next matrix usually follows at once.
    private const int SpinsBeforeSleep = 60;

    private readonly Thread[] _helpers;

    // A monitor, not a Lock: helpers wait on it.
    private readonly object _sleep = new();
    private readonly int _parts;
    private IPartitionedWork? _work;
    private ExceptionDispatchInfo? _fault;
    private int _busy;
    private int _finished;
    private bool _stopped;

    // The number of the work in the upper half, the next part to take in the lower: one word, so that a helper that comes too
    // late cannot take a part of other work than it believes.
    private long _ticket;

    public ComputeTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _parts = threads * PartsPerThread;
        _ticket = _parts;
        _helpers = new Thread[threads - 1];
        for (var i = 0; i < _helpers.Length; i++)
        {
            _helpers[i] = new Thread(Help) { IsBackground = true, Name = $"inference-helper-{i}" };
            _helpers[i].Start();
        }
    }

    /// <summary>Does all of the work and returns when it is done: with the team if that is free, else alone.</summary>
    public void Run(IPartitionedWork work)
    {
        if (_helpers.Length == 0 || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            work.Run(0, 1);
            return;
        }
        try
        {
            RunTogether(work);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    public void Dispose()
    {
        lock (_sleep)
        {
            _stopped = true;
            Monitor.PulseAll(_sleep);
        }
        foreach (var helper in _helpers)
            helper.Join();
    }

    private void RunTogether(IPartitionedWork work)
    {
        _work = work;
        _fault = null;
        Volatile.Write(ref _finished, 0);
        lock (_sleep)
        {
            Volatile.Write(ref _ticket, ((_ticket >> 32) + 1) << 32);
            Monitor.PulseAll(_sleep);
        }
        TakeParts(_ticket >> 32);

        var spin = new SpinWait();
        while (Volatile.Read(ref _finished) < _parts)
            spin.SpinOnce(sleep1Threshold: -1);
        _work = null;
        _fault?.Throw();
    }

    // Faults are kept, not thrown: the caller may have its buffers back only when all parts are done.
    private void TakeParts(long number)
    {
        while (true)
        {
            var ticket = Volatile.Read(ref _ticket);
            var part = (int)ticket;
            if (ticket >> 32 != number || part >= _parts)
                return;
            if (Interlocked.CompareExchange(ref _ticket, ticket + 1, ticket) != ticket)
                continue;
            try
            {
                _work!.Run(part, _parts);
            }
            catch (Exception e)
            {
                _fault = ExceptionDispatchInfo.Capture(e);
            }
            Interlocked.Increment(ref _finished);
        }
    }

    private void Help()
    {
        long seen = 0;
        while (WaitForWork(ref seen))
            TakeParts(seen);
    }

    private bool WaitForWork(ref long seen)
    {
        for (var i = 0; i < SpinsBeforeSleep && Volatile.Read(ref _ticket) >> 32 == seen && !Volatile.Read(ref _stopped); i++)
            Thread.SpinWait(50);
        lock (_sleep)
        {
            while (_ticket >> 32 == seen && !_stopped)
                Monitor.Wait(_sleep);
            seen = _ticket >> 32;
            return !_stopped;
        }
    }
}
