using Dapper;
using Mka1.Edge.Stores.Postgres;
using Mka1.Edge.Stores.Tests.Support;

namespace Mka1.Edge.Stores.Tests.Postgres;

public sealed class PartitionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_migrated_database_has_the_partitions_of_these_days()
    {
        foreach (var table in new[] { "response", "response_item" })
        {
            var names = await PartitionsAsync(table);
            foreach (var day in new[] { -1, 0, 1, 2, 3 }) Assert.Contains(await NameAsync(table, day), names);
        }
    }

    [Fact]
    public async Task Many_at_once_do_no_harm_and_days_that_were_missing_come()
    {
        var tomorrow = await NameAsync("response", 1);
        await ExecuteAsync($"DROP TABLE {tomorrow}");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostgresPartitions.MaintainAsync(postgres.Database, 30)));

        Assert.Contains(tomorrow, await PartitionsAsync("response"));
    }

    [Fact]
    public async Task Days_beyond_the_retention_are_dropped_and_those_within_are_kept()
    {
        foreach (var day in new[] { -9, -8, -7 })
        {
            await ExecuteAsync(
                $"""
                CREATE TABLE {await NameAsync("response", day)} PARTITION OF response
                FOR VALUES FROM ('{await DayAsync(day)} 00:00:00+00') TO ('{await DayAsync(day + 1)} 00:00:00+00')
                """);
        }

        await ExecuteAsync(
            """
            INSERT INTO response (id, stored_at, tenant, end_user, created_at, status, background, input, body)
            SELECT 'resp_' || n, now() - make_interval(days => n), 't', '', 0, 2, false, '', '' FROM generate_series(7, 9) n;
            INSERT INTO run (response_id, stored_at, tenant, end_user, background, key_id, request_id, priority, request)
            SELECT 'resp_' || n, now() - make_interval(days => n), 't', '', true, 'k', 'r', 0, '' FROM generate_series(7, 9) n;
            """);

        await PostgresPartitions.MaintainAsync(postgres.Database, 7);

        var names = await PartitionsAsync("response");
        Assert.DoesNotContain(await NameAsync("response", -9), names);
        Assert.DoesNotContain(await NameAsync("response", -8), names);
        Assert.Contains(await NameAsync("response", -7), names);
        Assert.Equal(["resp_7"], await QueryAsync("SELECT id FROM response WHERE tenant = 't'"));
        Assert.Equal(["resp_7"], await QueryAsync("SELECT response_id FROM run WHERE tenant = 't'"));
    }

    [Fact]
    public async Task Old_keys_and_old_deliveries_are_deleted()
    {
        await ExecuteAsync(
            """
            INSERT INTO idempotency (tenant, end_user, key, fingerprint, response_id, created_at) VALUES
                ('t', '', 'old', '', 'r', now() - interval '25 hours'), ('t', '', 'new', '', 'r', now() - interval '23 hours');
            INSERT INTO webhook_delivery (id, response_id, tenant, end_user, url, receiver, type, payload, created_at) VALUES
                ('old', 'r', 't', '', 'u', 'u', 'x', '', now() - interval '8 days'), ('new', 'r', 't', '', 'u', 'u', 'x', '', now() - interval '6 days');
            INSERT INTO webhook_attempt (delivery_id, at) VALUES ('old', now()), ('new', now());
            INSERT INTO replica (id, alive_until, alive_since, lease)
            VALUES ('old', now() - interval '2 days', now() - interval '3 days', '3 s'), ('new', now() - interval '1 hour', now() - interval '2 hours', '3 s');
            """);

        await PostgresPartitions.MaintainAsync(postgres.Database, 30);

        Assert.Equal(["new"], await QueryAsync("SELECT key FROM idempotency"));
        Assert.Equal(["new"], await QueryAsync("SELECT id FROM webhook_delivery"));
        Assert.Equal(["new"], await QueryAsync("SELECT delivery_id FROM webhook_attempt"));
        Assert.Equal(["new"], await QueryAsync("SELECT id FROM replica"));
    }

    [Fact]
    public async Task A_partition_that_is_read_stays_until_the_next_time()
    {
        var name = await NameAsync("response_item", -60);
        await ExecuteAsync(
            $"""
            CREATE TABLE {name} PARTITION OF response_item
            FOR VALUES FROM ('{await DayAsync(-60)} 00:00:00+00') TO ('{await DayAsync(-59)} 00:00:00+00')
            """);
        await postgres.Database.RunInTransactionAsync(async (connection, token) =>
        {
            await connection.ExecuteAsync("SELECT FROM response_item LIMIT 1");
            await PostgresPartitions.MaintainAsync(postgres.Database, 30, token);
            return true;
        });
        Assert.Contains(name, await PartitionsAsync("response_item"));

        await PostgresPartitions.MaintainAsync(postgres.Database, 30);

        Assert.DoesNotContain(name, await PartitionsAsync("response_item"));
    }

    private Task<List<string>> PartitionsAsync(string table) =>
        QueryAsync($"SELECT c.relname::text FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE inhparent = '{table}'::regclass");

    private async Task<string> NameAsync(string table, int day) => $"{table}_{(await DayAsync(day)).Replace("-", "", StringComparison.Ordinal)}";

    private async Task<string> DayAsync(int day) => (await QueryAsync($"SELECT ((now() AT TIME ZONE 'UTC')::date + {day})::text")).Single();

    private Task<List<string>> QueryAsync(string sql) =>
        postgres.Database.RunAsync(async (connection, _) => (await connection.QueryAsync<string>(sql)).ToList());

    private Task<int> ExecuteAsync(string sql) => postgres.Database.RunAsync((connection, _) => connection.ExecuteAsync(sql));
}
