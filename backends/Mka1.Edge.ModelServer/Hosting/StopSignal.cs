using Microsoft.Extensions.Options;

namespace Mka1.Edge.ModelServer.Hosting;

/// <summary>Tells answers in progress that the server stops and their time to drain is over.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _drained = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly TimeSpan _drain;
    private readonly TimeProvider _clock;
    private ITimer? _timer;
    private int _begun;

    public StopSignal(IHostApplicationLifetime lifetime, IOptions<ModelServerOptions> options, TimeProvider clock)
    {
        _drain = options.Value.Drain;
        _clock = clock;
        _registration = lifetime.ApplicationStopping.Register(Begin);
    }

    /// <summary>Whether the server takes no more work.</summary>
    public bool IsStopping => Volatile.Read(ref _begun) != 0;

    /// <summary>Cancelled when answers must end now.</summary>
    public CancellationToken Drained => _drained.Token;

    /// <summary>The server stops: from now on answers have their time to drain. Again: nothing.</summary>
    public void Begin()
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0)
            _timer = _clock.CreateTimer(_ => _drained.Cancel(), null, _drain, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _registration.Dispose();
        _timer?.Dispose();
        _drained.Dispose();
    }
}
