using System.Globalization;
using Npgsql;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>The daily partitions of responses and their item ids, by UTC days: makes those to come, drops those whose time is over.</summary>
public static class PostgresPartitions
{
    /// <summary>Any number, as long as every replica takes the same one.</summary>
    private const long AdvisoryLock = 0x6d6b6132;

    private const int DaysAhead = 3;
    private const int DeleteAtOnce = 10_000;
    private const string DayFormat = "yyyyMMdd";
    private const string LockNotAvailable = "55P03";

    private static readonly string[] Tables = ["response", "response_item"];

    /// <summary>
    /// Makes the partitions from yesterday to three days ahead, drops those of which every row is older than
    /// <paramref name="retentionDays"/>, and deletes idempotency keys after a day and webhook deliveries after a week. To be called
    /// now and then, by any number of replicas.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Postgres is not available.</exception>
    public static async Task MaintainAsync(PostgresDatabase database, int retentionDays, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retentionDays, 1);
        await database.RunAsync(
            async (connection, token) =>
            {
                await CreateAsync(connection, token);
                return true;
            },
            cancellation);
        await DropAsync(database, retentionDays, cancellation);
        await DeleteAsync(database, "run", $"stored_at < date_trunc('day', now(), 'UTC') - make_interval(days => {retentionDays})", cancellation);
        await DeleteAsync(database, "idempotency", "created_at < now() - interval '24 hours'", cancellation);
        await DeleteAsync(database, "webhook_delivery", "created_at < now() - interval '7 days'", cancellation);
        await DeleteAsync(database, "replica", "alive_until < now() - interval '1 day'", cancellation);
        await DeleteAsync(database, "safety_batch", "at < now() - interval '1 day'", cancellation);
        await DeleteAsync(
            database, "safety_subject", $"last_seen < now() - make_interval(days => {retentionDays}) AND override_rung IS NULL AND next_change_at IS NULL", cancellation);
    }

    /// <summary>Makes the partitions that are not there yet.</summary>
    internal static async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({AdvisoryLock})", cancellation);
        var today = await TodayAsync(connection, cancellation);
        foreach (var table in Tables)
        {
            var there = (await PartitionsAsync(connection, table, cancellation)).ToHashSet(StringComparer.Ordinal);
            for (var day = today.AddDays(-1); day <= today.AddDays(DaysAhead); day = day.AddDays(1))
            {
                var name = NameOf(table, day);
                if (there.Contains(name)) continue;
                // Made apart and then attached: CREATE TABLE … PARTITION OF would lock every reader and writer out of the parent.
                await ExecuteAsync(
                    connection,
                    $"""
                    CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING INDEXES);
                    ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{Bound(day)}') TO ('{Bound(day.AddDays(1))}');
                    """,
                    cancellation);
            }
        }

        await transaction.CommitAsync(cancellation);
    }

    private static async Task DropAsync(PostgresDatabase database, int retentionDays, CancellationToken cancellation)
    {
        var old = await database.RunAsync<IReadOnlyList<string>>(
            async (connection, token) =>
            {
                var limit = (await TodayAsync(connection, token)).AddDays(-retentionDays);
                var names = new List<string>();
                foreach (var table in Tables)
                {
                    names.AddRange((await PartitionsAsync(connection, table, token)).Where(name => DayOf(name) is { } day && day < limit));
                }

                return names;
            },
            cancellation);
        foreach (var name in old)
        {
            try
            {
                await database.RunInTransactionAsync(
                    // Dropping locks the parent: rather try again next time than make everyone queue behind a long reader.
                    (connection, token) => ExecuteAsync(connection, $"SET LOCAL lock_timeout = '500ms'; DROP TABLE IF EXISTS {name}", token),
                    cancellation);
            }
            catch (PostgresException e) when (e.SqlState == LockNotAvailable)
            {
                // Somebody reads it; it is as old the next time.
            }
        }
    }

    private static async Task DeleteAsync(PostgresDatabase database, string table, string condition, CancellationToken cancellation)
    {
        // In portions: each must be done within the database's patience.
        int deleted;
        do
        {
            deleted = await database.RunAsync(
                (connection, token) => ExecuteAsync(
                    connection, $"DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {condition} LIMIT {DeleteAtOnce}))", token),
                cancellation);
        }
        while (deleted == DeleteAtOnce);
    }

    private static string NameOf(string table, DateOnly day) => $"{table}_{day.ToString(DayFormat, CultureInfo.InvariantCulture)}";

    private static DateOnly? DayOf(string name) =>
        DateOnly.TryParseExact(name[(name.LastIndexOf('_') + 1)..], DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static string Bound(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + " 00:00:00+00";

    private static async Task<DateOnly> TodayAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT (now() AT TIME ZONE 'UTC')::date", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return reader.GetFieldValue<DateOnly>(0);
    }

    private static async Task<IReadOnlyList<string>> PartitionsAsync(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "SELECT child.relname::text FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid WHERE inhparent = $1::regclass", connection)
        {
            Parameters = { new() { Value = table } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellation)) names.Add(reader.GetString(0));
        return names;
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(cancellation);
    }
}
