using System.Text;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Paging;
using Mka1.Edge.Stores.Postgres;
using Npgsql;

namespace Mka1.Edge.Stores.Prompts;

/// <summary>Prompt templates in Postgres.</summary>
public sealed class PostgresPromptStore(PostgresDatabase database) : IPromptStore
{
    /// <summary>The owner's prompts; <c>$1</c> and <c>$2</c> are the owner.</summary>
    private const string Owned = "p.tenant = $1 AND p.end_user = $2";

    private const string One = Owned + " AND p.id = $3";
    private const string Columns = "p.id, p.name, p.created_at, p.updated_at, p.current_version";
    private const string VersionColumns = "v.id, v.version, v.template, v.created_at";
    private const string Versions = $"SELECT {VersionColumns} FROM prompt p JOIN prompt_version v ON v.prompt_id = p.id WHERE {One}";

    public async ValueTask AddAsync(StoredPrompt prompt, PromptVersion first, CancellationToken cancellation = default) =>
        await database.RunInTransactionAsync(
            async (connection, token) =>
            {
                await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Insert(prompt), Insert(prompt.Id, first) } };
                return await batch.ExecuteNonQueryAsync(token);
            },
            cancellation);

    public async ValueTask<StoredPrompt?> FindAsync(Owner owner, string id, CancellationToken cancellation = default) =>
        SqlText.Fits(id)
            ? (await database.RunAsync(
                (connection, token) => PromptsAsync(connection, $"SELECT {Columns} FROM prompt p WHERE {One}", owner, [id], token), cancellation)).SingleOrDefault()
            : null;

    public async ValueTask<Page<StoredPrompt>?> ListAsync(Owner owner, PageQuery query, CancellationToken cancellation = default)
    {
        var cursors = Keyset.Cursors(query);
        if (!cursors.All(SqlText.Fits)) return null;
        const string place = "(SELECT stored_at, id FROM prompt WHERE id = $)";
        return await database.RunAsync(
            async (connection, token) =>
            {
                var there = await PromptsAsync(connection, $"SELECT {Columns} FROM prompt p WHERE {Owned} AND p.id = ANY ($3)", owner, [cursors], token);
                if (there.Count < cursors.Distinct().Count()) return null;
                var sql = new Conditions($"SELECT {Columns} FROM prompt p WHERE {Owned}", parameters: 2);
                if (query.After is { } after) sql.And($"(p.stored_at, p.id) {Keyset.Behind(query)} {place}", after);
                if (query.Before is { } before) sql.And($"(p.stored_at, p.id) {Keyset.Ahead(query)} {place}", before);
                var order = $" ORDER BY p.stored_at {Keyset.Direction(query)}, p.id {Keyset.Direction(query)} LIMIT {query.Limit + 1}";
                return Pages.Cut(await PromptsAsync(connection, sql.Text + order, owner, sql.Values, token), query);
            },
            cancellation);
    }

    public async ValueTask<StoredPrompt?> UpdateAsync(Owner owner, string id, string? name, int? version, long now, CancellationToken cancellation = default)
    {
        if (!SqlText.Fits(id)) return null;
        const string sql = $"""
            UPDATE prompt p SET name = coalesce($4, name), current_version = coalesce($5, current_version), updated_at = $6
            WHERE {One} AND ($5 IS NULL OR EXISTS (SELECT 1 FROM prompt_version v WHERE v.prompt_id = p.id AND v.version = $5))
            RETURNING {Columns}
            """;
        object[] values =
        [
            id,
            new NpgsqlParameter<byte[]?> { TypedValue = name is null ? null : Encoding.UTF8.GetBytes(name), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea },
            new NpgsqlParameter<int?> { TypedValue = version, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer },
            now,
        ];
        return (await database.RunAsync((connection, token) => PromptsAsync(connection, sql, owner, values, token), cancellation)).SingleOrDefault();
    }

    public async ValueTask<PromptVersion?> AddVersionAsync(
        Owner owner, string id, string versionId, string template, long now, CancellationToken cancellation = default)
    {
        if (!SqlText.Fits(id)) return null;
        return await database.RunInTransactionAsync(
            async (connection, token) =>
            {
                // The lock makes two authors get two numbers.
                if ((await PromptsAsync(connection, $"SELECT {Columns} FROM prompt p WHERE {One} FOR UPDATE", owner, [id], token)).Count == 0) return null;
                var before = await VersionsAsync(connection, $"{Versions} AND v.id = $4", owner, [id, versionId], token);
                if (before.Count > 0) return before[0];
                var latest = await VersionsAsync(connection, $"{Versions} ORDER BY v.version DESC LIMIT 1", owner, [id], token);
                var version = new PromptVersion(versionId, latest[0].Version + 1, template, now);
                await using var batch = new NpgsqlBatch(connection)
                {
                    BatchCommands =
                    {
                        Insert(id, version),
                        new NpgsqlBatchCommand("UPDATE prompt SET current_version = $2, updated_at = $3 WHERE id = $1")
                        {
                            Parameters = { new() { Value = id }, new() { Value = version.Version }, new() { Value = now } },
                        },
                    },
                };
                await batch.ExecuteNonQueryAsync(token);
                return version;
            },
            cancellation);
    }

    public async ValueTask<PromptVersion?> FindVersionAsync(Owner owner, string id, int? version, CancellationToken cancellation = default)
    {
        if (!SqlText.Fits(id)) return null;
        object[] values = [id, new NpgsqlParameter<int?> { TypedValue = version, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer }];
        return (await database.RunAsync(
            (connection, token) => VersionsAsync(connection, $"{Versions} AND v.version = coalesce($4, p.current_version)", owner, values, token),
            cancellation)).SingleOrDefault();
    }

    public async ValueTask<Page<PromptVersion>?> ListVersionsAsync(Owner owner, string id, PageQuery query, CancellationToken cancellation = default)
    {
        var cursors = Keyset.Cursors(query);
        if (!SqlText.Fits(id) || !cursors.All(SqlText.Fits)) return null;
        const string place = "(SELECT version FROM prompt_version WHERE prompt_id = $3 AND id = $)";
        return await database.RunAsync(
            async (connection, token) =>
            {
                if ((await PromptsAsync(connection, $"SELECT {Columns} FROM prompt p WHERE {One}", owner, [id], token)).Count == 0) return null;
                var there = await VersionsAsync(connection, $"{Versions} AND v.id = ANY ($4)", owner, [id, cursors], token);
                if (there.Count < cursors.Distinct().Count()) return null;
                var sql = new Conditions(Versions, parameters: 3);
                if (query.After is { } after) sql.And($"v.version {Keyset.Behind(query)} {place}", after);
                if (query.Before is { } before) sql.And($"v.version {Keyset.Ahead(query)} {place}", before);
                var order = $" ORDER BY v.version {Keyset.Direction(query)} LIMIT {query.Limit + 1}";
                return Pages.Cut(await VersionsAsync(connection, sql.Text + order, owner, [id, .. sql.Values], token), query);
            },
            cancellation);
    }

    public async ValueTask<bool> DeleteAsync(Owner owner, string id, CancellationToken cancellation = default) =>
        SqlText.Fits(id)
        && (await database.RunAsync(
            (connection, token) => PromptsAsync(connection, $"DELETE FROM prompt p WHERE {One} RETURNING {Columns}", owner, [id], token), cancellation)).Count > 0;

    private static NpgsqlBatchCommand Insert(StoredPrompt prompt) => new(
        """
        INSERT INTO prompt (id, tenant, end_user, name, created_at, updated_at, current_version)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING
        """)
    {
        Parameters =
        {
            new() { Value = prompt.Id },
            new() { Value = prompt.Owner.TenantId },
            new() { Value = prompt.Owner.EndUser ?? "" },
            new() { Value = Encoding.UTF8.GetBytes(prompt.Name) },
            new() { Value = prompt.CreatedAt },
            new() { Value = prompt.UpdatedAt },
            new() { Value = prompt.CurrentVersion },
        },
    };

    private static NpgsqlBatchCommand Insert(string promptId, PromptVersion version) => new(
        "INSERT INTO prompt_version (id, prompt_id, version, template, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING")
    {
        Parameters =
        {
            new() { Value = version.Id },
            new() { Value = promptId },
            new() { Value = version.Version },
            new() { Value = Encoding.UTF8.GetBytes(version.Template) },
            new() { Value = version.CreatedAt },
        },
    };

    private static Task<List<StoredPrompt>> PromptsAsync(
        NpgsqlConnection connection, string sql, Owner owner, IEnumerable<object> values, CancellationToken token) => SqlRows.ReadAsync(
            connection,
            sql,
            owner,
            values,
            row => new StoredPrompt(row.GetString(0), owner, Text(row, 1), row.GetInt64(2), row.GetInt64(3), row.GetInt32(4)),
            token);

    private static Task<List<PromptVersion>> VersionsAsync(
        NpgsqlConnection connection, string sql, Owner owner, IEnumerable<object> values, CancellationToken token) => SqlRows.ReadAsync(
            connection, sql, owner, values, row => new PromptVersion(row.GetString(0), row.GetInt32(1), Text(row, 2), row.GetInt64(3)), token);

    private static string Text(NpgsqlDataReader row, int column) => Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(column));
}
