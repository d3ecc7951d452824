using Mka1.Edge.Stores.Postgres;
using Npgsql;

namespace Mka1.Edge.Stores.Runs;

/// <summary>Ends a group of runs in one transaction: deleting a run's row decides, and what follows is written for those it held for.</summary>
internal static class EndingGroup
{
    public static long Weigh(RunEnding ending) =>
        ending.Body.Length + (ending.Conversation?.Items.Sum(i => (long)i.Body.Length) ?? 0);

    public static async Task<IReadOnlyList<bool>> WriteAsync(NpgsqlConnection connection, IReadOnlyList<RunEnding> endings, CancellationToken cancellation)
    {
        // By id, so that two groups that meet lock their rows in the same order.
        int[] order = [.. Enumerable.Range(0, endings.Count).OrderBy(i => endings[i].ResponseId, StringComparer.Ordinal)];
        RunEnding[] sorted = [.. order.Select(i => endings[i])];
        var won = await DeleteRunsAsync(connection, sorted, cancellation);
        var lost = Enumerable.Range(0, sorted.Length).Where(i => !won.ContainsKey(i)).ToArray();
        var results = new bool[endings.Count];
        foreach (var i in won.Keys) results[order[i]] = true;

        await using var batch = new NpgsqlBatch(connection);
        if (won.Count > 0)
        {
            (RunEnding Ending, DateTime StoredAt)[] ended = [.. won.OrderBy(w => w.Key).Select(w => (sorted[w.Key], w.Value))];
            batch.BatchCommands.Add(UpdateResponses(ended));
            CommonStatements.Add(
                batch,
                [.. ended.SelectMany(e => e.Ending.OutputItemIds.Select(id => new ItemRow(id, e.Ending.ResponseId, e.Ending.Owner, e.StoredAt)))],
                // Within a group the order in which they came in is the order of a conversation.
                won.Keys.OrderBy(i => order[i]).Select(i => sorted[i].Conversation),
                ended.Select(e => e.Ending.Webhook),
                ended.Select(e => e.Ending.Ledger));
        }

        // Last, so that it sees what this group has written too.
        if (lost.Length > 0) batch.BatchCommands.Add(FindRepeats([.. lost.Select(i => sorted[i])]));
        await using var repeats = await batch.ExecuteReaderAsync(cancellation);
        while (await repeats.ReadAsync(cancellation)) results[order[lost[(int)repeats.GetInt64(0) - 1]]] = true;
        return results;
    }

    /// <summary>Deletes the rows of the runs that may end. Of several endings of one run, one finds its row.</summary>
    /// <returns>When the response was stored, by the place of the ending.</returns>
    private static async Task<Dictionary<int, DateTime>> DeleteRunsAsync(
        NpgsqlConnection connection, IReadOnlyList<RunEnding> endings, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            DELETE FROM run USING unnest($1, $2, $3, $4) WITH ORDINALITY AS v (id, tenant, end_user, fence, number)
            WHERE run.response_id = v.id AND run.tenant = v.tenant AND run.end_user = v.end_user
                AND (v.fence IS NULL OR (v.fence = run.fence AND run.replica IS NOT NULL))
            RETURNING v.number, run.stored_at
            """,
            connection);
        Identify(command.Parameters, endings);
        command.Parameters.Add(SqlArray.Whole(endings.Select(e => e.Fence)));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var won = new Dictionary<int, DateTime>();
        while (await rows.ReadAsync(cancellation)) won[(int)rows.GetInt64(0) - 1] = rows.GetDateTime(1);
        return won;
    }

    private static NpgsqlBatchCommand UpdateResponses((RunEnding Ending, DateTime StoredAt)[] ended) => new(
        """
        UPDATE response r SET status = v.status, body = v.body, terminal_sequence = v.sequence
        FROM unnest($1, $2, $3, $4, $5) AS v (id, stored_at, status, body, sequence)
        WHERE r.id = v.id AND r.stored_at = v.stored_at
        """)
    {
        Parameters =
        {
            SqlArray.Text(ended.Select(e => e.Ending.ResponseId)),
            SqlArray.Time(ended.Select(e => e.StoredAt)),
            SqlArray.Small(ended.Select(e => (short)e.Ending.Status)),
            SqlArray.Bytes(ended.Select(e => e.Ending.Body)),
            SqlArray.Big(ended.Select(e => e.Ending.TerminalSequence)),
        },
    };

    /// <summary>Finds the endings that were written before, word for word: their callers lost the reply and ask again.</summary>
    private static NpgsqlBatchCommand FindRepeats(IReadOnlyList<RunEnding> endings)
    {
        var command = new NpgsqlBatchCommand(
            """
            SELECT v.number FROM unnest($1, $2, $3, $4, $5, $6) WITH ORDINALITY AS v (id, tenant, end_user, status, body, sequence, number)
            WHERE (
                SELECT r.status = v.status AND r.body = v.body AND r.terminal_sequence IS NOT DISTINCT FROM v.sequence
                FROM response r WHERE r.id = v.id AND r.tenant || '' = v.tenant AND r.end_user || '' = v.end_user LIMIT 1)
            """);
        Identify(command.Parameters, endings);
        command.Parameters.Add(SqlArray.Small(endings.Select(e => (short)e.Status)));
        command.Parameters.Add(SqlArray.Bytes(endings.Select(e => e.Body)));
        command.Parameters.Add(SqlArray.Big(endings.Select(e => e.TerminalSequence)));
        return command;
    }

    private static void Identify(NpgsqlParameterCollection parameters, IReadOnlyList<RunEnding> endings)
    {
        parameters.Add(SqlArray.Text(endings.Select(e => e.ResponseId)));
        parameters.Add(SqlArray.Text(endings.Select(e => e.Owner.TenantId)));
        parameters.Add(SqlArray.Text(endings.Select(e => e.Owner.EndUser ?? "")));
    }
}
