using System.Runtime.InteropServices;
using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Gateway.Reload;

/// <summary>Looks at the configuration file again and again, and has it read when it has changed, or when SIGHUP comes.</summary>
internal sealed class ConfigWatcher(ConfigStart start, ConfigReloader reloader, EdgeConfiguration configuration, TimeProvider clock, ILogger<ConfigWatcher> logger)
    : BackgroundService
{
    private readonly SettledContent _content = new();
    private PosixSignalRegistration? _hangup;

    /// <summary>One look at the file.</summary>
    public async Task LookAsync(CancellationToken stopping)
    {
        if (start.File is { } file && _content.Look(file.Mark(), reloader.Taken)) await reloader.ReloadAsync(ConfigSource.File, stopping);
    }

    public override void Dispose()
    {
        _hangup?.Dispose();
        base.Dispose();
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (start.File is null) return Task.CompletedTask;
        _hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            // By default it would end the process.
            signal.Cancel = true;
            _ = Task.Run(() => reloader.ReloadAsync(ConfigSource.Signal, CancellationToken.None));
        });
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Pause(), clock, stoppingToken);
                if (configuration.Current.Config.Reload.Watch) await LookAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                logger.LookFailed(e);
            }
        }
    }

    /// <summary>Half as long when something new was seen, to find out whether it has come to rest.</summary>
    private TimeSpan Pause() => TimeSpan.FromMilliseconds(configuration.Current.Config.Reload.LookMilliseconds) / (_content.IsPending ? 2 : 1);
}
