using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Identity;
using Mka1.Edge.Stores.Keys;
using Mka1.Edge.Stores.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mka1.Edge.Gateway.Commands;

/// <summary>What commands about keys work with: a configuration, and the store that it names.</summary>
internal sealed class KeyCommandContext : IAsyncDisposable
{
    private readonly PostgresDatabase? _database;
    private readonly PostgresKeyStore? _store;

    private KeyCommandContext(EdgeSnapshot snapshot, PostgresDatabase? database)
    {
        Snapshot = snapshot;
        _database = database;
        if (database is null) return;
        _store = new PostgresKeyStore(database);
        var configuration = new EdgeConfiguration(snapshot);
        Service = new KeyService(configuration, _store, new KeyDirectory(configuration, NullLogger<KeyDirectory>.Instance), TimeProvider.System);
    }

    public EdgeSnapshot Snapshot { get; }

    /// <summary>Null when the configuration names no Postgres: keys then stand in the configuration alone.</summary>
    public KeyService? Service { get; }

    /// <exception cref="CommandException">There is none.</exception>
    public KeyService Required => Service ?? throw new CommandException(
        "The configuration names no stores.postgres, so keys stand in the configuration alone: change them there, under tenants.*.keys; a running gateway follows the file.");

    /// <exception cref="EdgeConfigException">The configuration cannot be used.</exception>
    /// <exception cref="Stores.StoreUnavailableException">Postgres cannot be reached.</exception>
    public static async Task<KeyCommandContext> OpenAsync(string config, CancellationToken cancellation)
    {
        var snapshot = EdgeSnapshot.Build(EdgeConfigFile.Read(config));
        if (snapshot.Config.Stores.Postgres is not { } postgres) return new KeyCommandContext(snapshot, null);
        var context = new KeyCommandContext(snapshot, new PostgresDatabase(postgres));
        try
        {
            await PostgresMigrator.MigrateAsync(context._database!, cancellation);
            return context;
        }
        catch
        {
            await context.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
    }
}
