using Microsoft.Extensions.Options;

namespace Mka1.Edge.ModelServer.Hosting;

/// <summary>Tells answers in progress that the server stops and their time to drain is over.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _drained = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly IHostApplicationLifetime _lifetime;
    private ITimer? _timer;

    public StopSignal(IHostApplicationLifetime lifetime, IOptions<ModelServerOptions> options, TimeProvider clock)
    {
        _lifetime = lifetime;
        var drain = options.Value.Drain;
        _registration = lifetime.ApplicationStopping.Register(() =>
            _timer = clock.CreateTimer(_ => _drained.Cancel(), null, drain, Timeout.InfiniteTimeSpan));
    }

    /// <summary>Whether the server takes no more work.</summary>
    public bool IsStopping => _lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Cancelled when answers must end now.</summary>
    public CancellationToken Drained => _drained.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _timer?.Dispose();
        _drained.Dispose();
    }
}
