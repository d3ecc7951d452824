using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Runs;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Postgres;

namespace Mka1.Edge.Gateway.State;

/// <summary>
/// Before the first request: brings the schema up to date, and says where state is kept. A Postgres that is away does not keep
/// the gateway from serving what needs no store; the schema is seen to as soon as it is back.
/// </summary>
internal sealed class StateStart(EdgeConfiguration configuration, Replica replica, IServiceProvider services, TimeProvider clock, ILogger<StateStart> logger)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _later = Task.CompletedTask;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var stores = configuration.Current.Config.Stores;
        if (stores.Postgres is null) logger.InMemory(stores.Redis is null ? "Everything" : "Everything but the logs of streams");
        else if (stores.Redis is null) logger.StreamsInMemory();
        if (stores is { Postgres: not null, EncryptionKey: null }) logger.NoEncryptionKey();
        if (stores.Postgres is not null && !await MigrateAsync(cancellationToken)) _later = MigrateLaterAsync();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _later;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task<bool> MigrateAsync(CancellationToken cancellation)
    {
        try
        {
            var applied = await PostgresMigrator.MigrateAsync(services.GetRequiredService<PostgresDatabase>(), cancellation);
            if (applied.Count > 0) logger.Migrated(string.Join(", ", applied));
            return true;
        }
        catch (StoreUnavailableException e)
        {
            replica.Miss();
            logger.NotMigrated(e.InnerException?.Message);
            return false;
        }
    }

    private async Task MigrateLaterAsync()
    {
        try
        {
            do await Task.Delay(BetweenTries, clock, _stopping.Token);
            while (!await MigrateAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }
}
