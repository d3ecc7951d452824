using System.Text;
using System.Text.RegularExpressions;
using Mka1.Edge.Stores.Tests.Support;
using Npgsql;
using StackExchange.Redis;

namespace Mka1.Edge.Security.Tests.Leaks;

/// <summary>All that stands in the servers, key by key and column by column.</summary>
internal static partial class ServerDump
{
    /// <summary>Every value of every table that holds data, as <c>postgres table.column</c>.</summary>
    public static async Task<IReadOnlyList<(string Place, byte[] Content)>> PostgresAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        var tables = new List<string>();
        await using (var names = source.CreateCommand("SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'm')"))
        await using (var rows = await names.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync()) tables.Add(rows.GetString(0));
        }

        var found = new List<(string, byte[])>();
        foreach (var table in tables)
        {
            await using var all = source.CreateCommand($"SELECT * FROM \"{table}\"");
            await using var rows = await all.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                for (var i = 0; i < rows.FieldCount; i++) found.Add(($"postgres {Parent(table)}.{rows.GetName(i)}", Bytes(rows.GetValue(i))));
            }
        }

        return found;
    }

    /// <summary>Every key, as <c>redis name</c>, with its name and all that is in it, as Redis itself writes it out.</summary>
    public static async Task<IReadOnlyList<(string Place, byte[] Content)>> RedisAsync()
    {
        await using var redis = new RedisClient(TestServers.Redis);
        return [.. await redis.DumpAsync()];
    }

    /// <summary>A partition goes by its table: <c>response_p20260101</c> is <c>response</c>.</summary>
    private static string Parent(string table) => Day().Replace(table, "");

    [GeneratedRegex("_[a-z]?[0-9]{6,}$")]
    private static partial Regex Day();

    private static byte[] Bytes(object value) => value switch
    {
        byte[] bytes => bytes,
        byte[][] many => [.. many.SelectMany(bytes => bytes)],
        _ => Encoding.UTF8.GetBytes(value.ToString() ?? ""),
    };

    private sealed class RedisClient(string address) : IAsyncDisposable
    {
        private readonly ConnectionMultiplexer _connection = ConnectionMultiplexer.Connect(address + ",allowAdmin=true");

        public async Task<List<(string Place, byte[] Content)>> DumpAsync()
        {
            var server = _connection.GetServer(_connection.GetEndPoints()[0]);

            // What is written out compressed cannot be searched.
            await server.ConfigSetAsync("rdbcompression", "no");
            var database = _connection.GetDatabase();
            var found = new List<(string, byte[])>();
            foreach (var key in server.Keys(pageSize: 1000))
            {
                var name = (byte[])key!;
                var content = await database.KeyDumpAsync(key) ?? [];
                found.Add(($"redis {Encoding.UTF8.GetString(name)}", [.. name, .. content]));
            }

            return found;
        }

        public ValueTask DisposeAsync()
        {
            _connection.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
