using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Idempotency;
using Npgsql;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>Idempotency keys in Postgres: the primary key decides which of many claims is the first.</summary>
public sealed class PostgresIdempotencyStore(PostgresDatabase database) : IIdempotencyStore
{
    public async ValueTask<IdempotencyClaim> ClaimAsync(
        Owner owner, string key, ReadOnlyMemory<byte> fingerprint, string responseId, CancellationToken cancellation = default) =>
        await database.RunAsync(
            async (connection, token) =>
            {
                while (true)
                {
                    // Between the two statements the key may have been given back; then it is free again.
                    if (await InsertAsync(connection, owner, key, fingerprint, responseId, token))
                        return new IdempotencyClaim(responseId, fingerprint, true);
                    if (await FindAsync(connection, owner, key, token) is { } known)
                        return known with { IsNew = known.ResponseId == responseId };
                }
            },
            cancellation);

    public async ValueTask ReleaseAsync(Owner owner, string key, string responseId, CancellationToken cancellation = default) =>
        await database.RunAsync(
            async (connection, token) =>
            {
                await using var command = Command(
                    connection, "DELETE FROM idempotency WHERE tenant = $1 AND end_user = $2 AND key = $3 AND response_id = $4", owner, key);
                command.Parameters.Add(new() { Value = responseId });
                return await command.ExecuteNonQueryAsync(token);
            },
            cancellation);

    private static async Task<bool> InsertAsync(
        NpgsqlConnection connection, Owner owner, string key, ReadOnlyMemory<byte> fingerprint, string responseId, CancellationToken token)
    {
        await using var command = Command(
            connection,
            """
            INSERT INTO idempotency AS known (tenant, end_user, key, fingerprint, response_id) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (tenant, end_user, key)
            DO UPDATE SET fingerprint = excluded.fingerprint, response_id = excluded.response_id, created_at = excluded.created_at
            WHERE known.created_at < now() - $6
            """,
            owner,
            key);
        command.Parameters.Add(new() { Value = fingerprint.ToArray() });
        command.Parameters.Add(new() { Value = responseId });
        command.Parameters.Add(new() { Value = IIdempotencyStore.KeptFor });
        return await command.ExecuteNonQueryAsync(token) == 1;
    }

    private static async Task<IdempotencyClaim?> FindAsync(NpgsqlConnection connection, Owner owner, string key, CancellationToken token)
    {
        await using var command = Command(
            connection, "SELECT response_id, fingerprint FROM idempotency WHERE tenant = $1 AND end_user = $2 AND key = $3", owner, key);
        await using var reader = await command.ExecuteReaderAsync(token);
        return await reader.ReadAsync(token) ? new IdempotencyClaim(reader.GetString(0), reader.GetFieldValue<byte[]>(1), false) : null;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string text, Owner owner, string key) => new(text, connection)
    {
        Parameters = { new() { Value = owner.TenantId }, new() { Value = owner.EndUser ?? "" }, new() { Value = key } },
    };
}
