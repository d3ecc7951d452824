using System.Reflection;
using Npgsql;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>
/// Brings the schema up to date: the embedded files under <c>Migrations</c>, in the order of their names, each once and in a
/// transaction of its own with the note that it ran, and then the partitions that the next days need. Any number of replicas may
/// do this at once.
/// </summary>
public static class PostgresMigrator
{
    /// <summary>Any number, as long as every replica takes the same one.</summary>
    private const long AdvisoryLock = 0x6d6b6131;

    private const string Folder = ".Migrations.";

    /// <summary>Applies what is missing.</summary>
    /// <returns>Names of the migrations that this call applied.</returns>
    /// <exception cref="StoreUnavailableException">Postgres is not available.</exception>
    public static Task<IReadOnlyList<string>> MigrateAsync(PostgresDatabase database, CancellationToken cancellation = default) => database.RunAsync(
        async (connection, token) =>
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_lock({AdvisoryLock})", token);
            try
            {
                var applied = await ApplyAsync(connection, token);
                await PostgresPartitions.CreateAsync(connection, token);
                return applied;
            }
            finally
            {
                await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({AdvisoryLock})", CancellationToken.None);
            }
        },
        cancellation);

    private static async Task<IReadOnlyList<string>> ApplyAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await ExecuteAsync(
            connection, "CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())", cancellation);
        var applied = new HashSet<string>(StringComparer.Ordinal);
        await using (var command = new NpgsqlCommand("SELECT name FROM migration", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation)) applied.Add(reader.GetString(0));
        }

        var added = new List<string>();
        foreach (var (name, sql) in Scripts())
        {
            if (applied.Contains(name)) continue;
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await ExecuteAsync(connection, sql, cancellation);
            await using var note = new NpgsqlCommand("INSERT INTO migration (name) VALUES ($1)", connection) { Parameters = { new() { Value = name } } };
            await note.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            added.Add(name);
        }

        return added;
    }

    private static IEnumerable<(string Name, string Sql)> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.Contains(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..], text.ReadToEnd());
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
