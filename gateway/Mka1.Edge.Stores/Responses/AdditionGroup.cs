using Mka1.Edge.Stores.Postgres;
using Mka1.Edge.Stores.Runs;
using Npgsql;

namespace Mka1.Edge.Stores.Responses;

/// <summary>Writes a group of responses in one transaction: first the responses, then what those that are new bring along.</summary>
internal static class AdditionGroup
{
    public static long Weigh(ResponseAddition addition) =>
        addition.Response.Input.Length + addition.Response.Body.Length + (addition.Run?.Request.Length ?? 0) + (addition.Run?.Context?.Length ?? 0);

    public static async Task<IReadOnlyList<bool>> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<ResponseAddition> additions, CancellationToken cancellation)
    {
        var distinct = additions.DistinctBy(a => a.Response.Id, StringComparer.Ordinal).ToList();
        var added = await InsertResponsesAsync(connection, distinct, cancellation);
        var fresh = distinct.Where(a => added.Contains(a.Response.Id)).ToList();
        if (fresh.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection);
            if (fresh.Any(a => a.Run is not null)) batch.BatchCommands.Add(InsertRuns([.. fresh.Where(a => a.Run is not null)]));
            CommonStatements.Add(
                batch,
                [.. fresh.SelectMany(a => a.ItemIds.Select(id => new ItemRow(id, a.Response.Id, a.Response.Owner, null)))],
                fresh.Select(a => a.Conversation),
                fresh.Select(a => a.Webhook),
                fresh.Select(a => a.Ledger));
            if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancellation);
        }

        return [.. additions.Select(_ => true)];
    }

    private static async Task<HashSet<string>> InsertResponsesAsync(
        NpgsqlConnection connection, IReadOnlyList<ResponseAddition> additions, CancellationToken cancellation)
    {
        var responses = additions.Select(a => a.Response).ToList();
        await using var command = new NpgsqlCommand(
            // A repeat comes soon or not at all, so only the newest partitions are asked. The subquery stays one, so that each id is
            // looked up by the index whatever the planner knows of a partition.
            """
            INSERT INTO response (id, stored_at, tenant, end_user, created_at, status, background, previous_response_id, conversation_id,
                input, body, metadata, terminal_sequence)
            SELECT v.id, now(), v.tenant, v.end_user, v.created_at, v.status, v.background, v.previous, v.conversation,
                v.input, v.body, v.metadata, v.sequence
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                AS v (id, tenant, end_user, created_at, status, background, previous, conversation, input, body, metadata, sequence)
            WHERE (SELECT r.id FROM response r WHERE r.id = v.id AND r.stored_at > now() - interval '1 hour' LIMIT 1) IS NULL
            RETURNING id
            """,
            connection)
        {
            Parameters =
            {
                SqlArray.Text(responses.Select(r => r.Id)),
                SqlArray.Text(responses.Select(r => r.Owner.TenantId)),
                SqlArray.Text(responses.Select(r => r.Owner.EndUser ?? "")),
                SqlArray.Big(responses.Select(r => (long?)r.CreatedAt)),
                SqlArray.Small(responses.Select(r => (short)r.Status)),
                SqlArray.Flag(responses.Select(r => r.Background)),
                SqlArray.Text(responses.Select(r => r.PreviousResponseId)),
                SqlArray.Text(responses.Select(r => r.ConversationId)),
                SqlArray.Bytes(responses.Select(r => r.Input)),
                SqlArray.Bytes(responses.Select(r => r.Body)),
                SqlArray.Bytes(responses.Select(r => r.Metadata)),
                SqlArray.Big(responses.Select(r => r.TerminalSequence)),
            },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var added = new HashSet<string>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellation)) added.Add(rows.GetString(0));
        return added;
    }

    private static NpgsqlBatchCommand InsertRuns(IReadOnlyList<ResponseAddition> additions)
    {
        var responses = additions.Select(a => a.Response).ToList();
        var runs = additions.Select(a => a.Run!).ToList();
        return new NpgsqlBatchCommand(
            """
            INSERT INTO run (response_id, stored_at, tenant, end_user, background, key_id, request_id, priority, replica, request, context,
                webhook_url, webhook_secret, delegation)
            SELECT v.id, now(), v.tenant, v.end_user, v.background, v.key_id, v.request_id, v.priority, v.replica, v.request, v.context,
                v.webhook_url, v.webhook_secret, v.delegation
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                AS v (id, tenant, end_user, background, key_id, request_id, priority, replica, request, context, webhook_url, webhook_secret,
                    delegation)
            """)
        {
            Parameters =
            {
                SqlArray.Text(responses.Select(r => r.Id)),
                SqlArray.Text(responses.Select(r => r.Owner.TenantId)),
                SqlArray.Text(responses.Select(r => r.Owner.EndUser ?? "")),
                SqlArray.Flag(responses.Select(r => r.Background)),
                SqlArray.Text(runs.Select(r => r.KeyId)),
                SqlArray.Text(runs.Select(r => r.RequestId)),
                SqlArray.Small(runs.Select(r => (short)r.Priority)),
                SqlArray.Text(runs.Select(r => r.Replica)),
                SqlArray.Bytes(runs.Select(r => r.Request)),
                SqlArray.Bytes(runs.Select(r => r.Context)),
                SqlArray.Text(runs.Select(r => r.Webhook?.Url)),
                SqlArray.Bytes(runs.Select(r => r.Webhook?.Secret)),
                SqlArray.Bytes(runs.Select(r => r.Delegation is { } delegation ? DelegationJson.ToBytes(delegation) : default(ReadOnlyMemory<byte>?))),
            },
        };
    }
}
