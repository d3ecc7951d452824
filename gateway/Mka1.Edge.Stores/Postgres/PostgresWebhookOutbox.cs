using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Webhooks;
using Npgsql;
using NpgsqlTypes;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>Deliveries in Postgres. What is due and what is claimed is told by the database's clock, the same for all replicas.</summary>
public sealed class PostgresWebhookOutbox(PostgresDatabase database) : IWebhookOutbox
{
    /// <summary>Any number, as long as every replica takes the same one.</summary>
    private const long ClaimLock = 0x6d6b6132;

    private const string AnyDue =
        """
        SELECT EXISTS (
            SELECT FROM webhook_delivery
            WHERE state = 0 AND next_attempt_at <= now() AND (claimed_until IS NULL OR claimed_until <= now()))
        """;

    // Goes from receiver to receiver along the index, so that a receiver with a long queue costs no more than one without.
    private const string Claim =
        """
        WITH RECURSIVE receiver AS (
            (SELECT d.receiver AS name FROM webhook_delivery d WHERE d.state = 0 ORDER BY d.receiver LIMIT 1)
            UNION ALL
            SELECT (SELECT d.receiver FROM webhook_delivery d WHERE d.state = 0 AND d.receiver > r.name ORDER BY d.receiver LIMIT 1)
            FROM receiver r WHERE r.name IS NOT NULL),
        claimed AS (
            SELECT receiver AS name, count(*) AS number FROM webhook_delivery
            WHERE claimed_until IS NOT NULL AND claimed_until > now() GROUP BY receiver),
        due AS (
            SELECT d.id
            FROM receiver r LEFT JOIN claimed c ON c.name = r.name CROSS JOIN LATERAL (
                SELECT id, next_attempt_at FROM webhook_delivery
                WHERE receiver = r.name AND state = 0 AND next_attempt_at <= now() AND (claimed_until IS NULL OR claimed_until <= now())
                ORDER BY next_attempt_at LIMIT greatest($2 - coalesce(c.number, 0), 0)) d
            WHERE r.name IS NOT NULL
            ORDER BY d.next_attempt_at LIMIT $1)
        UPDATE webhook_delivery SET claimed_until = clock_timestamp() + $3
        WHERE id IN (SELECT d.id FROM webhook_delivery d JOIN due ON due.id = d.id FOR UPDATE OF d SKIP LOCKED)
        RETURNING id
        """;

    private const string Deliveries =
        "SELECT id, response_id, tenant, end_user, url, secret, type, payload, created_at, state, next_attempt_at FROM webhook_delivery";

    public async ValueTask<IReadOnlyList<WebhookDelivery>> ClaimDueAsync(
        int max, int perReceiver, TimeSpan lease, CancellationToken cancellation = default)
    {
        if (!await database.RunAsync(async (connection, token) => (bool)(await Command(connection, AnyDue).ExecuteScalarAsync(token))!, cancellation))
            return [];

        return await database.RunInTransactionAsync<IReadOnlyList<WebhookDelivery>>(
            async (connection, token) =>
            {
                // Two replicas that counted at the same time would each fill the bound. The lock is a statement of its own: a
                // statement sees what was committed before it began.
                await using (var gate = Command(connection, "SELECT pg_advisory_xact_lock($1)", new NpgsqlParameter { Value = ClaimLock }))
                    await gate.ExecuteNonQueryAsync(token);
                var ids = new List<string>();
                await using (var claim = Command(connection, Claim, new() { Value = (long)max }, new() { Value = (long)perReceiver }, new() { Value = lease }))
                await using (var reader = await claim.ExecuteReaderAsync(token))
                {
                    while (await reader.ReadAsync(token)) ids.Add(reader.GetString(0));
                }

                return ids.Count == 0 ? [] : await ReadAsync(connection, "WHERE id = ANY ($1) ORDER BY next_attempt_at, id", [new() { Value = ids.ToArray() }], token);
            },
            cancellation);
    }

    public async ValueTask RecordAsync(
        string eventId, WebhookAttempt attempt, WebhookState state, TimeSpan? retryAfter, CancellationToken cancellation = default)
    {
        await database.RunInTransactionAsync(
            async (connection, token) =>
            {
                await using var batch = new NpgsqlBatch(connection)
                {
                    BatchCommands =
                    {
                        Attempt(eventId, attempt),
                        Move(eventId, state, state == WebhookState.Pending ? retryAfter : null),
                        Forget(eventId),
                    },
                };
                return await batch.ExecuteNonQueryAsync(token);
            },
            cancellation);
    }

    public async ValueTask<IReadOnlyList<WebhookDelivery>> ListAsync(Owner owner, string responseId, CancellationToken cancellation = default) =>
        await database.RunAsync(
            (connection, token) => ReadAsync(
                connection,
                "WHERE response_id = $1 AND tenant = $2 AND end_user = $3 ORDER BY created_at, id",
                [new() { Value = responseId }, new() { Value = owner.TenantId }, new() { Value = owner.EndUser ?? "" }],
                token),
            cancellation);

    public async ValueTask<bool> RedeliverAsync(Owner owner, string responseId, string eventId, CancellationToken cancellation = default) =>
        await database.RunAsync(
            async (connection, token) =>
            {
                await using var command = Command(
                    connection,
                    """
                    UPDATE webhook_delivery SET state = 0, next_attempt_at = clock_timestamp()
                    WHERE id = $1 AND response_id = $2 AND tenant = $3 AND end_user = $4
                    """,
                    new() { Value = eventId },
                    new() { Value = responseId },
                    new() { Value = owner.TenantId },
                    new() { Value = owner.EndUser ?? "" });
                return await command.ExecuteNonQueryAsync(token) == 1;
            },
            cancellation);

    private static NpgsqlBatchCommand Attempt(string eventId, WebhookAttempt attempt) => new(
        """
        INSERT INTO webhook_attempt (delivery_id, at, status, error)
        SELECT id, $2, $3, $4 FROM webhook_delivery WHERE id = $1 ON CONFLICT (delivery_id, at) DO NOTHING
        """)
    {
        Parameters =
        {
            new() { Value = eventId },
            new() { Value = attempt.At.UtcDateTime },
            new NpgsqlParameter<int?> { TypedValue = attempt.Status, NpgsqlDbType = NpgsqlDbType.Integer },
            new NpgsqlParameter<string?> { TypedValue = attempt.Error, NpgsqlDbType = NpgsqlDbType.Text },
        },
    };

    private static NpgsqlBatchCommand Move(string eventId, WebhookState state, TimeSpan? retryAfter) => new(
        "UPDATE webhook_delivery SET state = $2, next_attempt_at = clock_timestamp() + $3, claimed_until = NULL WHERE id = $1 AND state = 0")
    {
        Parameters =
        {
            new() { Value = eventId },
            new() { Value = (short)state },
            new NpgsqlParameter<TimeSpan?> { TypedValue = retryAfter, NpgsqlDbType = NpgsqlDbType.Interval },
        },
    };

    private static NpgsqlBatchCommand Forget(string eventId) => new(
        """
        DELETE FROM webhook_attempt WHERE delivery_id = $1 AND at < (
            SELECT at FROM webhook_attempt WHERE delivery_id = $1 ORDER BY at DESC OFFSET $2 LIMIT 1)
        """)
    {
        Parameters = { new() { Value = eventId }, new() { Value = (long)IWebhookOutbox.AttemptsKept - 1 } },
    };

    private static async Task<IReadOnlyList<WebhookDelivery>> ReadAsync(
        NpgsqlConnection connection, string which, NpgsqlParameter[] parameters, CancellationToken token)
    {
        var attempts = new Dictionary<string, List<WebhookAttempt>>(StringComparer.Ordinal);
        var deliveries = new List<WebhookDelivery>();
        await using (var command = Command(connection, $"{Deliveries} {which}", parameters))
        await using (var reader = await command.ExecuteReaderAsync(token))
        {
            while (await reader.ReadAsync(token)) deliveries.Add(Delivery(reader, attempts));
        }

        if (deliveries.Count == 0) return deliveries;
        await using (var command = Command(
            connection,
            "SELECT delivery_id, at, status, error FROM webhook_attempt WHERE delivery_id = ANY ($1) ORDER BY at",
            new NpgsqlParameter { Value = attempts.Keys.ToArray() }))
        await using (var reader = await command.ExecuteReaderAsync(token))
        {
            while (await reader.ReadAsync(token))
            {
                attempts[reader.GetString(0)].Add(new WebhookAttempt(
                    reader.GetFieldValue<DateTimeOffset>(1),
                    reader.IsDBNull(2) ? null : reader.GetInt32(2),
                    reader.IsDBNull(3) ? null : reader.GetString(3)));
            }
        }

        return deliveries;
    }

    private static WebhookDelivery Delivery(NpgsqlDataReader row, Dictionary<string, List<WebhookAttempt>> attempts)
    {
        var endUser = row.GetString(3);
        var target = new WebhookTarget(row.GetString(4), row.IsDBNull(5) ? default(ReadOnlyMemory<byte>?) : row.GetFieldValue<byte[]>(5));
        var webhook = new WebhookEvent(
            row.GetString(0),
            new Owner(row.GetString(2), endUser.Length == 0 ? null : endUser),
            row.GetString(1),
            target,
            row.GetString(6),
            row.GetFieldValue<byte[]>(7));
        return new WebhookDelivery(
            webhook,
            row.GetFieldValue<DateTimeOffset>(8),
            (WebhookState)row.GetInt16(9),
            row.IsDBNull(10) ? null : row.GetFieldValue<DateTimeOffset>(10),
            attempts[webhook.Id] = []);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string text, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(text, connection);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }
}
