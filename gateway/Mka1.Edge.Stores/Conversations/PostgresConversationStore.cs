using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Paging;
using Mka1.Edge.Stores.Postgres;
using Npgsql;

namespace Mka1.Edge.Stores.Conversations;

/// <summary>Conversations in Postgres. Whatever writes to a conversation locks its row first, so that writers come one after the other.</summary>
public sealed class PostgresConversationStore(PostgresDatabase database) : IConversationStore
{
    /// <summary>The owner's conversations; <c>$1</c> and <c>$2</c> are the owner.</summary>
    private const string Owned = "c.tenant = $1 AND c.end_user = $2 AND c.deleted_at IS NULL";

    private const string One = Owned + " AND c.id = $3";
    private const string Columns = "c.id, c.created_at, c.metadata";
    private const string ItemColumns = "i.item_id, i.body, i.search_text, i.response_id";

    public async ValueTask AddAsync(StoredConversation conversation, IReadOnlyList<ConversationItem> items, CancellationToken cancellation = default) =>
        await database.RunInTransactionAsync(
            async (connection, token) =>
            {
                await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Insert(conversation) } };
                if (items.Count > 0) batch.BatchCommands.Add(ConversationStatements.Append(new ConversationAppend(conversation.Id, null, items)));
                return await batch.ExecuteNonQueryAsync(token);
            },
            cancellation);

    public async ValueTask<StoredConversation?> FindAsync(Owner owner, string id, CancellationToken cancellation = default) =>
        SqlText.Fits(id)
            ? (await database.RunAsync(
                (connection, token) => ConversationsAsync(connection, $"SELECT {Columns} FROM conversation c WHERE {One}", owner, [id], token),
                cancellation)).SingleOrDefault()
            : null;

    public async ValueTask<Page<StoredConversation>?> ListAsync(
        Owner owner, PageQuery query, IReadOnlyDictionary<string, string>? metadata, string? search, CancellationToken cancellation = default)
    {
        var cursors = Keyset.Cursors(query);
        if (!cursors.All(SqlText.Fits)) return null;
        var words = search is null ? null : SearchWords.Normalize(search);
        return await database.RunAsync(
            async (connection, token) =>
            {
                if (!await AllThereAsync(connection, owner, cursors, token)) return null;
                if (words is { Length: 0 }) return new Page<StoredConversation>([], HasMore: false);
                var sql = new Conditions($"SELECT {Columns} FROM conversation c WHERE {Owned}", parameters: 2);
                if (query.After is { } after) sql.And($"(c.updated_at, c.id) {Keyset.Behind(query)} (SELECT updated_at, id FROM conversation WHERE id = $)", after);
                if (query.Before is { } before) sql.And($"(c.updated_at, c.id) {Keyset.Ahead(query)} (SELECT updated_at, id FROM conversation WHERE id = $)", before);
                if (metadata is not null) sql.And("c.metadata_pairs @> $", MetadataPairs.Fingerprints(metadata));
                if (words is not null)
                    sql.And("c.id IN (SELECT i.conversation_id FROM conversation_item i WHERE to_tsvector('simple', i.search_text) @@ plainto_tsquery('simple', $))", words);
                var order = $" ORDER BY c.updated_at {Keyset.Direction(query)}, c.id {Keyset.Direction(query)} LIMIT {query.Limit + 1}";
                return Pages.Cut(await ConversationsAsync(connection, sql.Text + order, owner, sql.Values, token), query);
            },
            cancellation);
    }

    public async ValueTask<StoredConversation?> SetMetadataAsync(Owner owner, string id, ReadOnlyMemory<byte> metadata, CancellationToken cancellation = default) =>
        SqlText.Fits(id) ? await database.RunAsync((connection, token) => SetMetadataAsync(connection, owner, id, metadata, token), cancellation) : null;

    public async ValueTask<bool> DeleteAsync(Owner owner, string id, CancellationToken cancellation = default) =>
        SqlText.Fits(id)
        && (await database.RunAsync(
            (connection, token) => ConversationsAsync(
                connection, $"UPDATE conversation c SET deleted_at = now() WHERE {One} RETURNING {Columns}", owner, [id], token),
            cancellation)).Count > 0;

    public async ValueTask<bool> AppendAsync(Owner owner, ConversationAppend append, CancellationToken cancellation = default) =>
        SqlText.Fits(append.ConversationId)
        && await database.RunInTransactionAsync(
            async (connection, token) =>
            {
                if (await LockAsync(connection, owner, append.ConversationId, token) is null) return false;
                await using var batch = new NpgsqlBatch(connection) { BatchCommands = { ConversationStatements.Append(append) } };
                await batch.ExecuteNonQueryAsync(token);
                return true;
            },
            cancellation);

    public async ValueTask<Page<ConversationItem>?> ListItemsAsync(Owner owner, string id, PageQuery query, CancellationToken cancellation = default)
    {
        var cursors = Keyset.Cursors(query);
        if (!SqlText.Fits(id) || !cursors.All(SqlText.Fits)) return null;
        const string position = "(SELECT position FROM conversation_item WHERE conversation_id = $3 AND item_id = $)";
        return await database.RunAsync(
            async (connection, token) =>
            {
                var there = await ConversationsAsync(connection, $"SELECT {Columns} FROM conversation c WHERE {One}", owner, [id], token);
                if (there.Count == 0 || (await ItemsByIdAsync(connection, owner, id, cursors, token)).Count < cursors.Distinct().Count()) return null;
                var sql = new Conditions($"SELECT {ItemColumns} FROM conversation c JOIN conversation_item i ON i.conversation_id = c.id WHERE {One}", parameters: 3);
                if (query.After is { } after) sql.And($"i.position {Keyset.Behind(query)} {position}", after);
                if (query.Before is { } before) sql.And($"i.position {Keyset.Ahead(query)} {position}", before);
                var order = $" ORDER BY i.position {Keyset.Direction(query)} LIMIT {query.Limit + 1}";
                return Pages.Cut(await ItemsAsync(connection, sql.Text + order, owner, [id, .. sql.Values], token), query);
            },
            cancellation);
    }

    public async ValueTask<ConversationItem?> FindItemAsync(Owner owner, string id, string itemId, CancellationToken cancellation = default) =>
        SqlText.Fits(id) && SqlText.Fits(itemId)
            ? (await database.RunAsync((connection, token) => ItemsByIdAsync(connection, owner, id, [itemId], token), cancellation)).SingleOrDefault()
            : null;

    public async ValueTask<IReadOnlyList<ConversationItem>> FindItemsAsync(Owner owner, IReadOnlyCollection<string> itemIds, CancellationToken cancellation = default)
    {
        string[] wanted = [.. itemIds.Where(SqlText.Fits).Distinct()];
        if (wanted.Length == 0) return [];
        const string sql = $"""
            SELECT DISTINCT ON (i.item_id) {ItemColumns} FROM conversation_item i JOIN conversation c ON c.id = i.conversation_id
            WHERE {Owned} AND i.item_id = ANY ($3) ORDER BY i.item_id, c.updated_at DESC
            """;
        var found = await database.RunAsync((connection, token) => ItemsAsync(connection, sql, owner, [wanted], token), cancellation);
        var byId = found.ToDictionary(item => item.Id, StringComparer.Ordinal);
        return [.. wanted.Select(id => byId.GetValueOrDefault(id)).OfType<ConversationItem>()];
    }

    public async ValueTask<StoredConversation?> DeleteItemsAsync(
        Owner owner, string id, IReadOnlyCollection<string> itemIds, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? metadata = null, CancellationToken cancellation = default)
    {
        string[] doomed = [.. itemIds.Distinct()];
        if (!SqlText.Fits(id) || !doomed.All(SqlText.Fits)) return null;
        return await database.RunInTransactionAsync(
            async (connection, token) =>
            {
                // Nobody adds or removes items while the conversation is locked, so what is counted is what is deleted.
                if (await LockAsync(connection, owner, id, token) is not { } conversation) return null;
                if ((await ItemsByIdAsync(connection, owner, id, doomed, token)).Count < doomed.Length) return null;
                await using var command = new NpgsqlCommand("DELETE FROM conversation_item WHERE conversation_id = $1 AND item_id = ANY ($2)", connection)
                {
                    Parameters = { new() { Value = id }, new() { Value = doomed } },
                };
                await command.ExecuteNonQueryAsync(token);
                return await SetMetadataAsync(connection, owner, id, metadata?.Invoke(conversation.Metadata) ?? conversation.Metadata, token);
            },
            cancellation);
    }

    private static NpgsqlBatchCommand Insert(StoredConversation conversation) => new(
        """
        INSERT INTO conversation (id, tenant, end_user, created_at, metadata, metadata_pairs)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING
        """)
    {
        Parameters =
        {
            new() { Value = conversation.Id },
            new() { Value = conversation.Owner.TenantId },
            new() { Value = conversation.Owner.EndUser ?? "" },
            new() { Value = conversation.CreatedAt },
            new() { Value = conversation.Metadata.ToArray() },
            new() { Value = MetadataPairs.Fingerprints(MetadataPairs.Of(conversation.Metadata)) },
        },
    };

    private static async Task<StoredConversation?> LockAsync(NpgsqlConnection connection, Owner owner, string id, CancellationToken token) =>
        (await ConversationsAsync(connection, $"SELECT {Columns} FROM conversation c WHERE {One} FOR UPDATE", owner, [id], token)).SingleOrDefault();

    private static async Task<bool> AllThereAsync(NpgsqlConnection connection, Owner owner, string[] ids, CancellationToken token) =>
        ids.Length == 0
        || (await ConversationsAsync(connection, $"SELECT {Columns} FROM conversation c WHERE {Owned} AND c.id = ANY ($3)", owner, [ids], token)).Count
            == ids.Distinct().Count();

    private static async Task<StoredConversation?> SetMetadataAsync(
        NpgsqlConnection connection, Owner owner, string id, ReadOnlyMemory<byte> metadata, CancellationToken token)
    {
        const string sql = $"UPDATE conversation c SET metadata = $4, metadata_pairs = $5, updated_at = clock_timestamp() WHERE {One} RETURNING {Columns}";
        object[] values = [id, metadata.ToArray(), MetadataPairs.Fingerprints(MetadataPairs.Of(metadata))];
        return (await ConversationsAsync(connection, sql, owner, values, token)).SingleOrDefault();
    }

    private static Task<List<ConversationItem>> ItemsByIdAsync(
        NpgsqlConnection connection, Owner owner, string id, string[] itemIds, CancellationToken token)
    {
        const string sql = $"SELECT {ItemColumns} FROM conversation c JOIN conversation_item i ON i.conversation_id = c.id WHERE {One} AND i.item_id = ANY ($4)";
        return itemIds.Length == 0 ? Task.FromResult(new List<ConversationItem>()) : ItemsAsync(connection, sql, owner, [id, itemIds], token);
    }

    private static Task<List<StoredConversation>> ConversationsAsync(
        NpgsqlConnection connection, string sql, Owner owner, IEnumerable<object> values, CancellationToken token) => SqlRows.ReadAsync(
            connection, sql, owner, values, row => new StoredConversation(row.GetString(0), owner, row.GetInt64(1), row.GetFieldValue<byte[]>(2)), token);

    private static Task<List<ConversationItem>> ItemsAsync(
        NpgsqlConnection connection, string sql, Owner owner, IEnumerable<object> values, CancellationToken token) => SqlRows.ReadAsync(
            connection,
            sql,
            owner,
            values,
            row => new ConversationItem(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3)),
            token);
}
