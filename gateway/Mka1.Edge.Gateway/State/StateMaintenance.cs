using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Postgres;

namespace Mka1.Edge.Gateway.State;

/// <summary>Makes the partitions of the next days and drops what is past its retention, every hour on every replica.</summary>
internal sealed class StateMaintenance(EdgeConfiguration configuration, PostgresDatabase database, TimeProvider clock, ILogger<StateMaintenance> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Interval;
            try
            {
                await PostgresPartitions.MaintainAsync(database, configuration.Current.Config.Stores.RetentionDays, stoppingToken);
            }
            catch (StoreUnavailableException)
            {
                wait = AfterFault;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.MaintenanceFailed(e);
                wait = AfterFault;
            }

            try
            {
                await Task.Delay(wait, clock, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
