using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Paging;
using Mka1.Edge.Stores.Postgres;
using Npgsql;

namespace Mka1.Edge.Stores.Responses;

/// <summary>Responses in Postgres. Concurrent additions share commits.</summary>
public sealed class PostgresResponseStore : IResponseStore, IAsyncDisposable
{
    /// <summary>For looking things up by id: spelled so that the index by owner, all of whose entries would be read, is no choice.</summary>
    private const string Owned = "r.tenant || '' = $1 AND r.end_user || '' = $2";

    internal const string FindById = $"SELECT {ResponseRow.Columns} FROM response r WHERE {Owned} AND r.id = $3";

    private readonly PostgresDatabase _database;

    public PostgresResponseStore(PostgresDatabase database, TimeProvider time)
    {
        _database = database;
        Additions = new WriteBatcher<ResponseAddition, bool>(database, time, AdditionGroup.Weigh, AdditionGroup.WriteAsync);
    }

    internal WriteBatcher<ResponseAddition, bool> Additions { get; }

    public async ValueTask AddAsync(ResponseAddition addition, CancellationToken cancellation = default) =>
        await Additions.WriteAsync(addition, cancellation);

    public async ValueTask<StoredResponse?> FindAsync(Owner owner, string id, CancellationToken cancellation = default)
    {
        if (!SqlText.Fits(id)) return null;
        return (await ReadAsync(FindById, owner, [id], cancellation)).SingleOrDefault();
    }

    public async ValueTask<Page<StoredResponse>?> ListAsync(Owner owner, PageQuery query, CancellationToken cancellation = default)
    {
        string[] cursors = [.. new[] { query.After, query.Before }.OfType<string>()];
        if (!cursors.All(SqlText.Fits)) return null;
        return await _database.RunAsync(
            async (connection, token) =>
            {
                var places = await PlacesAsync(connection, owner, cursors, token);
                return cursors.All(places.ContainsKey) ? await PageAsync(connection, owner, query, places, token) : null;
            },
            cancellation);
    }

    public async ValueTask<StoredResponse?> SetMetadataAsync(
        Owner owner, string id, ReadOnlyMemory<byte> metadata, CancellationToken cancellation = default)
    {
        if (!SqlText.Fits(id)) return null;
        var sql = $"UPDATE response r SET metadata = $4 WHERE {Owned} AND r.id = $3 RETURNING {ResponseRow.Columns}";
        return (await ReadAsync(sql, owner, [id, metadata.ToArray()], cancellation)).SingleOrDefault();
    }

    public async ValueTask<bool> DeleteAsync(Owner owner, string id, CancellationToken cancellation = default)
    {
        if (!SqlText.Fits(id)) return false;
        return await _database.RunInTransactionAsync(
            async (connection, token) =>
            {
                // The run first, as its end does: the two then wait for one another instead of locking each other out.
                await using var batch = new NpgsqlBatch(connection)
                {
                    BatchCommands =
                    {
                        Delete("DELETE FROM run r WHERE r.response_id = $3", owner, id),
                        Delete("DELETE FROM response_item r WHERE r.response_id = $3", owner, id),
                        Delete("DELETE FROM response r WHERE r.id = $3", owner, id),
                    },
                };
                await batch.ExecuteNonQueryAsync(token);
                return batch.BatchCommands[^1].RecordsAffected > 0;
            },
            cancellation);
    }

    public async ValueTask<IReadOnlyList<StoredResponse>?> ChainAsync(Owner owner, string id, int maxLength, CancellationToken cancellation = default)
    {
        if (!SqlText.Fits(id)) return null;
        const string Sql =
            $"""
            WITH RECURSIVE chain AS (
                SELECT r.id, r.stored_at, r.previous_response_id, 1 AS depth FROM response r WHERE {Owned} AND r.id = $3
                UNION ALL
                SELECT r.id, r.stored_at, r.previous_response_id, chain.depth + 1
                FROM chain JOIN response r ON r.id = chain.previous_response_id AND {Owned}
                WHERE chain.depth <= $4)
            SELECT {ResponseRow.Columns} FROM chain JOIN response r ON r.id = chain.id AND r.stored_at = chain.stored_at ORDER BY chain.depth DESC
            """;
        var chain = await ReadAsync(Sql, owner, [id, maxLength], cancellation);
        // The oldest one names another: that one is not there, or the chain is too long.
        return chain.Count > 0 && chain.Count <= maxLength && chain[0].PreviousResponseId is null ? chain : null;
    }

    public async ValueTask<IReadOnlyList<StoredResponse>> FindByItemsAsync(
        Owner owner, IReadOnlyCollection<string> itemIds, CancellationToken cancellation = default)
    {
        string[] ids = [.. itemIds.Where(SqlText.Fits)];
        if (ids.Length == 0) return [];
        const string Sql =
            $"""
            SELECT {ResponseRow.Columns}
            FROM (SELECT DISTINCT response_id, stored_at FROM response_item WHERE item_id = ANY ($3) AND tenant = $1 AND end_user = $2) held
            JOIN response r ON r.id = held.response_id AND r.stored_at = held.stored_at
            WHERE {Owned} ORDER BY r.stored_at DESC, r.id DESC
            """;
        return await ReadAsync(Sql, owner, [ids], cancellation);
    }

    /// <summary>Writes what is waiting.</summary>
    public ValueTask DisposeAsync() => Additions.DisposeAsync();

    private static async Task<Dictionary<string, DateTime>> PlacesAsync(
        NpgsqlConnection connection, Owner owner, string[] ids, CancellationToken cancellation)
    {
        var places = new Dictionary<string, DateTime>(StringComparer.Ordinal);
        if (ids.Length == 0) return places;
        await using var command = Command(connection, $"SELECT r.id, r.stored_at FROM response r WHERE {Owned} AND r.id = ANY ($3)", owner, [ids]);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) places[rows.GetString(0)] = rows.GetDateTime(1);
        return places;
    }

    private static async Task<Page<StoredResponse>> PageAsync(
        NpgsqlConnection connection, Owner owner, PageQuery query, Dictionary<string, DateTime> places, CancellationToken cancellation)
    {
        // With only an end given, the entries next to that end are wanted: the way goes backwards from there.
        var backwards = query is { After: null, Before: not null };
        var direction = query.Descending != backwards ? "DESC" : "ASC";
        var (low, high) = query.Descending ? (query.Before, query.After) : (query.After, query.Before);
        List<object> values = [(long)query.Limit + 1];
        var sql = $"SELECT {ResponseRow.Columns} FROM response r WHERE r.tenant = $1 AND r.end_user = $2{Beyond(low, '>')}{Beyond(high, '<')}"
            + $" ORDER BY r.stored_at {direction}, r.id {direction} LIMIT $3";
        await using var command = Command(connection, sql, owner, [.. values]);
        var entries = await ResponseRow.ReadAllAsync(command, cancellation);
        var more = entries.Count > query.Limit;
        if (more) entries.RemoveAt(entries.Count - 1);
        if (backwards) entries.Reverse();
        return new Page<StoredResponse>(entries, more);

        string Beyond(string? cursor, char side)
        {
            if (cursor is null) return "";
            values.AddRange([places[cursor], cursor]);
            var at = values.Count + 1;
            // The first comparison says nothing new, but it is the one that leaves partitions out.
            return $" AND r.stored_at {side}= ${at} AND (r.stored_at, r.id) {side} (${at}, ${at + 1})";
        }
    }

    private static NpgsqlBatchCommand Delete(string sql, Owner owner, string id) => new($"{sql} AND {Owned}")
    {
        Parameters = { new() { Value = owner.TenantId }, new() { Value = owner.EndUser ?? "" }, new() { Value = id } },
    };

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, Owner owner, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection)
        {
            Parameters = { new() { Value = owner.TenantId }, new() { Value = owner.EndUser ?? "" } },
        };
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    private Task<List<StoredResponse>> ReadAsync(string sql, Owner owner, object[] values, CancellationToken cancellation) => _database.RunAsync(
        async (connection, token) =>
        {
            await using var command = Command(connection, sql, owner, values);
            return await ResponseRow.ReadAllAsync(command, token);
        },
        cancellation);
}
