using Mka1.Edge.Policies.Identity;
using Npgsql;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>Reads the rows of an owner. The owner stands in <c>$1</c> and <c>$2</c> of every such statement.</summary>
internal static class SqlRows
{
    public static async Task<List<T>> ReadAsync<T>(
        NpgsqlConnection connection, string sql, Owner owner, IEnumerable<object> values, Func<NpgsqlDataReader, T> read, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(sql, connection)
        {
            Parameters = { new() { Value = owner.TenantId }, new() { Value = owner.EndUser ?? "" } },
        };
        // Repeated work gets parameters of its own: one that belongs to a command cannot join another.
        foreach (var value in values) command.Parameters.Add(value is NpgsqlParameter typed ? typed.Clone() : new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync(token);
        var rows = new List<T>();
        while (await reader.ReadAsync(token)) rows.Add(read(reader));
        return rows;
    }
}
