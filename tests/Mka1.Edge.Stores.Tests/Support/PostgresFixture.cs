using Mka1.Edge.Stores.Postgres;
using Npgsql;

namespace Mka1.Edge.Stores.Tests.Support;

/// <summary>A database of its own for one test class, migrated, and dropped at the end.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly string _name = "test_" + Guid.NewGuid().ToString("N");

    public PostgresDatabase Database { get; private set; } = null!;

    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await AdministerAsync($"CREATE DATABASE {_name}");
        ConnectionString = new NpgsqlConnectionStringBuilder(TestServers.Postgres) { Database = _name }.ConnectionString;
        Database = new PostgresDatabase(ConnectionString);
        await PostgresMigrator.MigrateAsync(Database);
    }

    public async Task DisposeAsync()
    {
        await Database.DisposeAsync();
        await AdministerAsync($"DROP DATABASE {_name} WITH (FORCE)");
    }

    private static async Task AdministerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(TestServers.Postgres);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
