using System.Runtime.ExceptionServices;

namespace Mka1.Edge.Inference.Kernels;

/// <summary>A few threads that share the work on one matrix.</summary>
/// <remarks>
/// One request at a time has the team; while it does, other requests compute alone on their own thread. So a single request
/// uses all cores, and many requests use one each, without anybody waiting. Helpers spin for some microseconds between two
/// pieces of work, because the next matrix usually follows at once, and then sleep.
/// </remarks>
internal sealed class ComputeTeam : IDisposable
{
    private const int SpinsBeforeSleep = 60;

    private readonly Thread[] _helpers;

    // A monitor, not a Lock: helpers wait on it.
    private readonly object _sleep = new();
    private IPartitionedWork? _work;
    private ExceptionDispatchInfo? _fault;
    private int _busy;
    private int _epoch;
    private int _remaining;
    private bool _stopped;

    public ComputeTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _helpers = new Thread[threads - 1];
        for (var i = 0; i < _helpers.Length; i++)
        {
            var part = i + 1;
            _helpers[i] = new Thread(() => Help(part)) { IsBackground = true, Name = $"inference-helper-{part}" };
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
        _fault = null;
        _work = work;
        Volatile.Write(ref _remaining, _helpers.Length);
        lock (_sleep)
        {
            _epoch++;
            Monitor.PulseAll(_sleep);
        }

        try
        {
            work.Run(0, _helpers.Length + 1);
        }
        finally
        {
            // Also after a fault: helpers must be done with the buffers before the caller may have them back.
            var spin = new SpinWait();
            while (Volatile.Read(ref _remaining) > 0)
                spin.SpinOnce(sleep1Threshold: -1);
        }
        _fault?.Throw();
    }

    private void Help(int part)
    {
        var seen = 0;
        while (WaitForWork(ref seen))
        {
            try
            {
                _work!.Run(part, _helpers.Length + 1);
            }
            catch (Exception e)
            {
                _fault = ExceptionDispatchInfo.Capture(e);
            }
            Interlocked.Decrement(ref _remaining);
        }
    }

    private bool WaitForWork(ref int seen)
    {
        for (var i = 0; i < SpinsBeforeSleep && Volatile.Read(ref _epoch) == seen && !Volatile.Read(ref _stopped); i++)
            Thread.SpinWait(50);
        lock (_sleep)
        {
            while (_epoch == seen && !_stopped)
                Monitor.Wait(_sleep);
            seen = _epoch;
            return !_stopped;
        }
    }
}
