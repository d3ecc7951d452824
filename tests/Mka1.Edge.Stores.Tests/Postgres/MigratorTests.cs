using Mka1.Edge.Stores.Postgres;
using Mka1.Edge.Stores.Tests.Support;
using Npgsql;

namespace Mka1.Edge.Stores.Tests.Postgres;

public sealed class MigratorTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_migrated_database_needs_nothing() =>
        Assert.Empty(await PostgresMigrator.MigrateAsync(postgres.Database));

    [Fact]
    public async Task Many_replicas_that_start_at_once_apply_each_migration_once()
    {
        var name = "race_" + Guid.NewGuid().ToString("N");
        await ExecuteAsync($"CREATE DATABASE {name}");
        var replicas = Enumerable.Range(0, 8)
            .Select(_ => new PostgresDatabase(new NpgsqlConnectionStringBuilder(TestServers.Postgres) { Database = name }.ConnectionString, TimeSpan.FromSeconds(60)))
            .ToList();
        try
        {
            var applied = await Task.WhenAll(replicas.Select(replica => PostgresMigrator.MigrateAsync(replica)));
            var all = applied.SelectMany(names => names).ToList();
            Assert.NotEmpty(all);
            Assert.Equal(all.Distinct().Count(), all.Count);
        }
        finally
        {
            foreach (var replica in replicas) await replica.DisposeAsync();
            await ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
        }
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(TestServers.Postgres);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
