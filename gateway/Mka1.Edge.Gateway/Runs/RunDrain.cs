using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Runs;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>
/// Ends this replica's runs when the gateway is told to stop. Queued work is left to other replicas at once, and so is every
/// background run that nobody has seen output of; the rest get their time, and then an honest end. A stop is never recorded as
/// a cancel.
/// </summary>
internal sealed class RunDrain(
    EdgeConfiguration configuration, Replica replica, RunHost host, IRunStore runs, IHostApplicationLifetime lifetime, TimeProvider clock) : IHostedService
{
    /// <summary>Before the listener cuts its connections: readers of a run that is ended here are still told.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(5);

    private long _began = clock.GetTimestamp();
    private ITimer? _backgroundTime;
    private ITimer? _foregroundTime;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(Begin);
        return Task.CompletedTask;
    }

    /// <summary>The listener is closed by now. What still runs has until the end of the background's time.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var left = TimeSpan.FromSeconds(configuration.Current.Config.Background.DrainSeconds) - clock.GetElapsedTime(_began);
        if (left > TimeSpan.Zero) await EndedAsync(left, cancellationToken);
        Interrupt(host.Live);
        try
        {
            // What is still held after that is held until the lease runs out by itself.
            if (await EndedAsync(LastWait, CancellationToken.None)) await runs.LeaveAsync(replica.Id, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // The same.
        }

        if (_backgroundTime is not null) await _backgroundTime.DisposeAsync();
        if (_foregroundTime is not null) await _foregroundTime.DisposeAsync();
    }

    /// <summary>Waits for the runs to end; false when they did not.</summary>
    private async Task<bool> EndedAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        try
        {
            // What was being taken up may join until then.
            while (host.Live is { Count: > 0 } live)
            {
                var left = limit - clock.GetElapsedTime(began);
                await Task.WhenAll(live.Select(run => run.Done)).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, cancellation);
            }

            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private void Begin()
    {
        replica.Stop();
        _began = clock.GetTimestamp();
        var config = configuration.Current.Config;
        Interrupt(host.Live.Where(live => live.Run.Request.Background && !live.Emitted));
        var foreground = TimeSpan.FromSeconds(config.Limits.ShutdownDelaySeconds + config.Limits.ShutdownSeconds) - Ahead;
        var background = TimeSpan.FromSeconds(config.Background.DrainSeconds);
        _backgroundTime = clock.CreateTimer(
            _ => Interrupt(host.Live.Where(live => live.Run.Request.Background)), null, background, Timeout.InfiniteTimeSpan);
        _foregroundTime = clock.CreateTimer(_ => Interrupt(host.Live), null, foreground > TimeSpan.Zero ? foreground : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private static void Interrupt(IEnumerable<LiveRun> live)
    {
        foreach (var run in live) run.Stop.Request(RunEnd.Interrupted);
    }
}
