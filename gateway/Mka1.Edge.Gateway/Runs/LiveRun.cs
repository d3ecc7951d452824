using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>A stored run in progress on this replica: it goes on whether or not anybody reads it.</summary>
internal sealed class LiveRun : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<ApiError?> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _grace;
    private readonly TimeSpan _graceTime;
    private int _readers;
    private bool _disposed;

    /// <param name="run">The run.</param>
    /// <param name="fence">The fencing token it is held under.</param>
    /// <param name="webhook">Whom to tell of its end.</param>
    /// <param name="emitted">Whether the store knows already that output may have been seen.</param>
    /// <param name="clock">For the grace time.</param>
    public LiveRun(ResponseRun run, int fence, WebhookTarget? webhook, bool emitted, TimeProvider clock)
    {
        (Run, Fence, Webhook, Emitted) = (run, fence, webhook, emitted);
        var stores = run.Snapshot.Config.Stores;
        Feed = new RunFeed(stores.StreamWindowBytes);
        _graceTime = run.Snapshot.GraceOf(run.Caller.Grant);
        _grace = clock.CreateTimer(static state => ((LiveRun)state!).Stop.Request(RunEnd.ClientDisconnected), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ResponseRun Run { get; }

    public int Fence { get; }

    public WebhookTarget? Webhook { get; }

    public bool Emitted { get; set; }

    public RunFeed Feed { get; }

    public RunStop Stop { get; } = new();

    /// <summary>Completes with the first event (null), or with the refusal of a run that came to nothing before it.</summary>
    public Task<ApiError?> Opened => _opened.Task;

    /// <summary>Completes when the run has ended and everything about it is stored.</summary>
    public Task Done => _done.Task;

    public void Open(ApiError? refusal = null) => _opened.TrySetResult(refusal);

    public void Finish()
    {
        Open();
        _done.TrySetResult();
    }

    /// <summary>Counts a reader in. While there is one, or within the grace time after the last, a foreground run goes on.</summary>
    public IDisposable Attach()
    {
        lock (_gate)
        {
            _readers++;
            if (!_disposed) _grace.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        return new Attachment(this);
    }

    /// <summary>Somebody reads at another replica: the grace time begins anew.</summary>
    public void Touch()
    {
        lock (_gate)
        {
            if (_readers == 0 && !_disposed && !Run.Request.Background) _grace.Change(_graceTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _grace.Dispose();
        }

        Stop.Dispose();
    }

    private void Detach()
    {
        lock (_gate)
        {
            if (--_readers > 0 || _disposed || Run.Request.Background) return;
            _grace.Change(_graceTime, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Attachment(LiveRun run) : IDisposable
    {
        private int _detached;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _detached, 1) == 0) run.Detach();
        }
    }
}
