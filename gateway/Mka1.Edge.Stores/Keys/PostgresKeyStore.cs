using Mka1.Edge.Stores.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Mka1.Edge.Stores.Keys;

/// <summary>Keys in Postgres.</summary>
public sealed class PostgresKeyStore(PostgresDatabase database) : IKeyStore, IAsyncDisposable
{
    /// <summary>For the feed alone: a revocation must not wait behind whatever else keeps the pool busy.</summary>
    private readonly PostgresDatabase _feed = database.Aside(connections: 1);

    /// <summary>Microseconds: longer than a transaction takes from its change to its commit, so that one that commits late is not passed over.</summary>
    private const long Overlap = 30_000_000;

    private const string Now = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
    private const string Order = "ORDER BY k.tenant, k.created_at, k.id, s.created_at, s.id";

    private const string Select = """
        SELECT k.tenant, k.id, k.settings, k.created_at, k.revoked_at, k.version, s.id, s.hash, s.hint, s.created_at, s.expires_at, s.revoked_at
        FROM api_key k LEFT JOIN api_key_secret s ON s.tenant = k.tenant AND s.key_id = k.id
        """;

    public async ValueTask<StoredKey?> CreateAsync(
        string tenantId, string keyId, ReadOnlyMemory<byte> settings, StoredSecret secret, CancellationToken cancellation = default) =>
        await database.RunInTransactionAsync(
            async (connection, token) =>
            {
                await InsertAsync(connection, tenantId, keyId, settings, secret.CreatedAt, token);

                // Whoever made the row holds it. Its own secret in it says that this work has been done before and is being repeated.
                var key = await LockAsync(connection, tenantId, keyId, token);
                if (key is { Secrets.Count: 0, Settings: not null, RevokedAt: null }) return await AddAsync(connection, key, secret, token);
                return key is not null && Holds(key, secret) ? key : null;
            },
            cancellation);

    public async ValueTask<StoredKey?> RotateAsync(
        string tenantId, string keyId, StoredSecret secret, DateTimeOffset earlierUntil, StoredSecret? configured, CancellationToken cancellation = default) =>
        await ChangeAsync(
            tenantId,
            keyId,
            configured,
            async (connection, key, token) =>
            {
                if (key.RevokedAt is not null) return null;
                if (Holds(key, secret)) return key;
                await ExecuteAsync(
                    connection,
                    "UPDATE api_key_secret SET expires_at = least(expires_at, $3) WHERE tenant = $1 AND key_id = $2",
                    [tenantId, keyId, earlierUntil.UtcDateTime],
                    token);
                return await AddAsync(connection, key, secret, token);
            },
            cancellation);

    public async ValueTask<StoredKey?> RevokeAsync(
        string tenantId, string keyId, string? secretId, DateTimeOffset now, StoredSecret? configured, CancellationToken cancellation = default) =>
        await ChangeAsync(
            tenantId,
            keyId,
            configured,
            async (connection, key, token) =>
            {
                if (secretId is not null && key.Secrets.All(secret => secret.Id != secretId)) return null;
                if (secretId is null)
                {
                    await ExecuteAsync(
                        connection,
                        "UPDATE api_key SET revoked_at = coalesce(revoked_at, $3) WHERE tenant = $1 AND id = $2",
                        [tenantId, keyId, now.UtcDateTime],
                        token);
                }
                else
                {
                    await ExecuteAsync(
                        connection,
                        "UPDATE api_key_secret SET revoked_at = coalesce(revoked_at, $4) WHERE tenant = $1 AND key_id = $2 AND id = $3",
                        [tenantId, keyId, secretId, now.UtcDateTime],
                        token);
                }

                return await TouchAsync(connection, tenantId, keyId, token);
            },
            cancellation);

    public async ValueTask<IReadOnlyList<StoredKey>> ListAsync(string tenantId, CancellationToken cancellation = default) => SqlText.Fits(tenantId)
        ? await database.RunAsync((connection, token) => ReadAsync(connection, $"{Select} WHERE k.tenant = $1 {Order}", [tenantId], token), cancellation)
        : [];

    public async ValueTask<KeyChanges> ReadAsync(long? since, CancellationToken cancellation = default) => await _feed.RunAsync(
        async (connection, token) =>
        {
            // First the clock, then the rows: what changes between the two is read again next time.
            await using var clock = new NpgsqlCommand($"SELECT {Now}", connection);
            var until = (long)(await clock.ExecuteScalarAsync(token))!;
            var keys = since is { } from
                ? await ReadAsync(connection, $"{Select} WHERE k.version > $1 {Order}", [from - Overlap], token)
                : await ReadAsync(connection, $"{Select} {Order}", [], token);
            return new KeyChanges(keys, until);
        },
        cancellation);

    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    private async Task<StoredKey?> ChangeAsync(
        string tenantId,
        string keyId,
        StoredSecret? configured,
        Func<NpgsqlConnection, StoredKey, CancellationToken, Task<StoredKey?>> change,
        CancellationToken cancellation)
    {
        if (!SqlText.Fits(tenantId) || !SqlText.Fits(keyId)) return null;
        return await database.RunInTransactionAsync(
            async (connection, token) =>
            {
                if (configured is not null) await InsertAsync(connection, tenantId, keyId, null, configured.CreatedAt, token);
                if (await LockAsync(connection, tenantId, keyId, token) is not { } key) return null;
                if (configured is not null && !Holds(key, configured))
                    key = await MoveAsync(connection, key, configured, token) ?? await AddAsync(connection, key, configured, token);
                return await change(connection, key, token);
            },
            cancellation);
    }

    /// <summary>Takes over a secret that stood under another name before, with all that was done to it there.</summary>
    private static async Task<StoredKey?> MoveAsync(NpgsqlConnection connection, StoredKey key, StoredSecret secret, CancellationToken token)
    {
        var hash = secret.Hash.ToArray();
        if ((await ReadAsync(connection, $"{Select} WHERE s.hash = $1 {Order}", [hash], token)).SingleOrDefault() is not { } former) return null;
        await ExecuteAsync(
            connection,
            "UPDATE api_key_secret SET tenant = $2, key_id = $3, revoked_at = coalesce(revoked_at, (SELECT revoked_at FROM api_key WHERE tenant = $4 AND id = $5)) WHERE hash = $1",
            [hash, key.TenantId, key.Id, former.TenantId, former.Id],
            token);
        await TouchAsync(connection, former.TenantId, former.Id, token);
        return await TouchAsync(connection, key.TenantId, key.Id, token);
    }

    private static bool Holds(StoredKey key, StoredSecret secret) => key.Secrets.Any(known => known.Hash.Span.SequenceEqual(secret.Hash.Span));

    private static Task InsertAsync(
        NpgsqlConnection connection, string tenantId, string keyId, ReadOnlyMemory<byte>? settings, DateTimeOffset now, CancellationToken token) => ExecuteAsync(
            connection,
            $"INSERT INTO api_key (tenant, id, settings, created_at, version) VALUES ($1, $2, $3, $4, {Now}) ON CONFLICT DO NOTHING",
            [tenantId, keyId, new NpgsqlParameter<byte[]?> { TypedValue = settings?.ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea }, now.UtcDateTime],
            token);

    /// <summary>The key, held until the transaction ends.</summary>
    private static async Task<StoredKey?> LockAsync(NpgsqlConnection connection, string tenantId, string keyId, CancellationToken token)
    {
        await ExecuteAsync(connection, "SELECT FROM api_key WHERE tenant = $1 AND id = $2 FOR UPDATE", [tenantId, keyId], token);
        return (await ReadAsync(connection, $"{Select} WHERE k.tenant = $1 AND k.id = $2 {Order}", [tenantId, keyId], token)).SingleOrDefault();
    }

    private static async Task<StoredKey> AddAsync(NpgsqlConnection connection, StoredKey key, StoredSecret secret, CancellationToken token)
    {
        await ExecuteAsync(
            connection,
            "INSERT INTO api_key_secret (hash, tenant, key_id, id, hint, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            [
                secret.Hash.ToArray(),
                key.TenantId,
                key.Id,
                secret.Id,
                secret.Hint,
                secret.CreatedAt.UtcDateTime,
                new NpgsqlParameter<DateTime?> { TypedValue = secret.ExpiresAt?.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            ],
            token);
        return (await TouchAsync(connection, key.TenantId, key.Id, token))!;
    }

    /// <summary>Gives the key a new version, by which others find the change.</summary>
    private static async Task<StoredKey?> TouchAsync(NpgsqlConnection connection, string tenantId, string keyId, CancellationToken token)
    {
        await ExecuteAsync(connection, $"UPDATE api_key SET version = greatest(version + 1, {Now}) WHERE tenant = $1 AND id = $2", [tenantId, keyId], token);
        return (await ReadAsync(connection, $"{Select} WHERE k.tenant = $1 AND k.id = $2 {Order}", [tenantId, keyId], token)).SingleOrDefault();
    }

    private static async Task<List<StoredKey>> ReadAsync(NpgsqlConnection connection, string sql, IEnumerable<object> values, CancellationToken token)
    {
        await using var command = Command(connection, sql, values);
        await using var row = await command.ExecuteReaderAsync(token);
        var keys = new List<StoredKey>();
        var secrets = new List<StoredSecret>();
        while (await row.ReadAsync(token))
        {
            var (tenantId, keyId) = (row.GetString(0), row.GetString(1));
            if (keys is not [.., var last] || last.TenantId != tenantId || last.Id != keyId)
            {
                secrets = [];
                keys.Add(new StoredKey(
                    tenantId, keyId, row.IsDBNull(2) ? default(ReadOnlyMemory<byte>?) : row.GetFieldValue<byte[]>(2), Time(row, 3)!.Value, Time(row, 4), secrets, row.GetInt64(5)));
            }

            if (!row.IsDBNull(6))
                secrets.Add(new StoredSecret(row.GetString(6), row.GetFieldValue<byte[]>(7), row.GetString(8), Time(row, 9)!.Value, Time(row, 10), Time(row, 11)));
        }

        return keys;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, IEnumerable<object> values, CancellationToken token)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(token);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, IEnumerable<object> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        return command;
    }

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetFieldValue<DateTime>(column));
}
