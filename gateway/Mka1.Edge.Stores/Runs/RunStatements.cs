using Mka1.Edge.Stores.Responses;

namespace Mka1.Edge.Stores.Runs;

/// <summary>The statements about runs.</summary>
internal static class RunStatements
{
    /// <summary>One claims at a time, over all replicas: what is in progress is counted, and a count is only true while it holds still.</summary>
    public const string OneAtATime = "SELECT pg_advisory_xact_lock(1835753779)";

    private const string Columns =
        """
        run.key_id, run.request_id, run.replica, run.priority, run.request, run.context, run.webhook_url, run.webhook_secret, run.fence,
        run.emitted, run.delegation
        """;

    public const string Beat =
        """
        INSERT INTO replica (id, alive_until, alive_since, lease) VALUES ($1, clock_timestamp() + $2, clock_timestamp(), $2)
        ON CONFLICT (id) DO UPDATE SET
            alive_until = excluded.alive_until,
            alive_since = CASE WHEN replica.alive_until < clock_timestamp() THEN excluded.alive_since ELSE replica.alive_since END,
            lease = excluded.lease
        """;

    /// <summary>
    /// Walks from tenant to tenant on the index, one step each, and looks at no more of a tenant's queue than could be taken of it.
    /// A candidate's load is what its tenant would have in progress before it: the order by load is that of dealing slots out one
    /// by one to whoever has the fewest.
    /// </summary>
    public const string Claim =
        """
        WITH RECURSIVE head AS (
            (SELECT priority, tenant FROM run WHERE replica IS NULL ORDER BY priority DESC, tenant DESC LIMIT 1)
            UNION ALL
            SELECT next.priority, next.tenant FROM head CROSS JOIN LATERAL (
                SELECT priority, tenant FROM run WHERE replica IS NULL AND (priority, tenant) < (head.priority, head.tenant)
                ORDER BY priority DESC, tenant DESC LIMIT 1) next),
        held AS (
            SELECT names.tenant, (SELECT count(*) FROM run WHERE run.tenant = names.tenant AND replica IS NOT NULL AND background) AS runs
            FROM (SELECT DISTINCT tenant FROM head) names),
        candidate AS (
            SELECT queued.response_id, queued.queued_at, head.priority,
                held.runs + row_number() OVER (PARTITION BY head.tenant ORDER BY head.priority DESC, queued.queued_at, queued.response_id) - 1 AS load
            FROM head JOIN held ON held.tenant = head.tenant AND held.runs < $3 CROSS JOIN LATERAL (
                SELECT response_id, queued_at FROM run
                WHERE replica IS NULL AND priority = head.priority AND tenant = head.tenant ORDER BY queued_at LIMIT $2) queued),
        chosen AS (
            SELECT response_id, row_number() OVER (ORDER BY priority DESC, load, queued_at, response_id) AS place
            FROM candidate WHERE load < $3 ORDER BY place LIMIT $2),
        locked AS (
            SELECT run.response_id, chosen.place FROM run JOIN chosen ON chosen.response_id = run.response_id
            WHERE run.replica IS NULL FOR UPDATE OF run SKIP LOCKED),
        claimed AS (
            UPDATE run SET replica = $1, fence = fence + 1, claim = $4
            FROM locked WHERE run.response_id = locked.response_id
            RETURNING run.response_id, locked.place)
        SELECT response_id FROM claimed ORDER BY place
        """;

    /// <summary>
    /// Nothing for a replica whose own lease is over, or was a moment ago: the server stood still, or could not be reached, and
    /// everybody else's lease is over for the same reason.
    /// </summary>
    public const string TakeOrphans =
        """
        WITH orphan AS (
            SELECT response_id FROM run
            WHERE replica IS NOT NULL AND replica <> $1
                AND NOT EXISTS (SELECT FROM replica alive WHERE alive.id = run.replica AND alive.alive_until >= clock_timestamp())
                AND NOT EXISTS (
                    SELECT FROM replica me
                    WHERE me.id = $1 AND (me.alive_until < clock_timestamp() OR me.alive_since > clock_timestamp() - me.lease))
            ORDER BY queued_at LIMIT $2 FOR UPDATE OF run SKIP LOCKED),
        taken AS (
            UPDATE run SET replica = $1, fence = fence + 1, claim = $3 FROM orphan WHERE run.response_id = orphan.response_id
            RETURNING run.response_id, run.queued_at)
        SELECT response_id FROM taken ORDER BY queued_at, response_id
        """;

    /// <summary>What was taken in calls whose reply got lost is now taken by this one.</summary>
    public const string FindLost =
        """
        WITH found AS (UPDATE run SET claim = $3 WHERE replica = $1 AND claim = ANY ($2) RETURNING response_id, queued_at)
        SELECT response_id FROM found ORDER BY queued_at, response_id
        """;

    /// <summary>A run with its response, whoever holds it.</summary>
    public const string Peek =
        $"""
        SELECT {ResponseRow.Columns}, {Columns} FROM run
        JOIN response r ON r.id = run.response_id AND r.stored_at = run.stored_at
        WHERE run.response_id = $1
        """;

    /// <summary>Runs with their responses; the response's columns come first.</summary>
    public const string Load =
        $"""
        SELECT {ResponseRow.Columns}, {Columns}
        FROM unnest($2) WITH ORDINALITY AS wanted (id, place)
        JOIN run ON run.response_id = wanted.id AND run.replica = $1
        JOIN response r ON r.id = run.response_id AND r.stored_at = run.stored_at
        ORDER BY wanted.place
        """;

    /// <summary>The run's row is locked, so that it can neither end nor change hands before the commit.</summary>
    public const string Start =
        """
        WITH held AS (
            SELECT response_id, stored_at FROM run WHERE response_id = $1 AND fence = $2 AND replica IS NOT NULL FOR UPDATE)
        UPDATE response r SET status = $3, body = $4 FROM held WHERE r.id = held.response_id AND r.stored_at = held.stored_at
        """;

    public const string MarkEmitted = "UPDATE run SET emitted = true WHERE response_id = $1 AND fence = $2 AND replica IS NOT NULL";

    public const string Release =
        """
        WITH freed AS (
            UPDATE run SET replica = NULL, claim = NULL WHERE response_id = $1 AND fence = $2 AND replica IS NOT NULL
            RETURNING response_id, stored_at)
        UPDATE response r SET status = $3 FROM freed WHERE r.id = freed.response_id AND r.stored_at = freed.stored_at
        """;
}
