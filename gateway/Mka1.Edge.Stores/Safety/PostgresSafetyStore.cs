using System.Globalization;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Stores.Paging;
using Mka1.Edge.Stores.Postgres;
using Npgsql;

namespace Mka1.Edge.Stores.Safety;

/// <summary>
/// Subjects and audit in Postgres. A batch is one transaction: the rows of its subjects are locked in the order of their names,
/// then the ends of the tenants' chains in theirs, so that any number of replicas may send batches at once.
/// </summary>
public sealed class PostgresSafetyStore(PostgresDatabase shared) : ISafetyStore, IAsyncDisposable
{
    private const int Connections = 4;

    /// <summary>Steps that time alone has made due, made by one batch.</summary>
    private const int DueAtOnce = 200;

    private const int VerifiedAtOnce = 5000;

    private const string Due = "next_change_at IS NOT NULL AND next_change_at <= $1";

    /// <summary>Over connections of its own: requests wait shortly for a look-up, and must not wait behind everything else.</summary>
    private readonly PostgresDatabase _database = shared.Aside(Connections);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    public async ValueTask<SafetyRecord?> FindAsync(string tenant, SafetySubject subject, CancellationToken cancellation = default) =>
        await _database.RunAsync(
            async (connection, token) => (await ReadAsync(
                connection,
                $"SELECT {SafetyStatements.Columns} FROM safety_subject WHERE tenant = $1 AND subject = $2",
                SafetyStatements.Record,
                token,
                tenant,
                subject.Id)).SingleOrDefault(),
            cancellation);

    public async ValueTask<IReadOnlyList<SafetyRecord>> ApplyAsync(
        SafetyBatch batch, SafetyLadder ladder, DateTimeOffset now, SafetyNotify notify, CancellationToken cancellation = default)
    {
        var empty = batch is { Deltas.Count: 0, Orders.Count: 0 };
        if (empty && !await IsAnyDueAsync(now, cancellation)) return [];
        return await _database.RunInTransactionAsync(
            async (connection, token) =>
            {
                var isNew = empty || await ClaimAsync(connection, batch, token);
                var records = await LockAsync(connection, batch, now, token);
                var books = new SafetyBooks(ladder, now, notify);
                var deltas = batch.Deltas.ToDictionary(delta => (delta.Tenant, delta.Subject));
                var orders = batch.Orders.ToLookup(order => (order.Tenant, order.Subject));
                var changed = records
                    .Select(r => isNew ? books.Settle(r, deltas.GetValueOrDefault((r.Tenant, r.Subject)), orders[(r.Tenant, r.Subject)]) : books.Settle(r, null, []))
                    .ToList();
                await WriteAsync(connection, changed, books, ladder, token);
                return (IReadOnlyList<SafetyRecord>)changed;
            },
            cancellation);
    }

    public async ValueTask<Page<SafetyAuditEntry>?> AuditAsync(string tenant, PageQuery query, CancellationToken cancellation = default)
    {
        if (!TryCursor(query.After, out var after) || !TryCursor(query.Before, out var before)) return null;
        return await _database.RunAsync(
            async (connection, token) =>
            {
                var last = (await HeadAsync(connection, tenant, token)).Seq;
                if (after > last || before > last) return null;
                var (from, to) = query.Descending ? (before, after) : (after, before);
                var descending = query.Descending != query.IsBackward();
                var rows = await ReadAsync(
                    connection,
                    $"""
                    SELECT {SafetyStatements.AuditColumns} FROM safety_audit
                    WHERE tenant = $1 AND seq > $2 AND seq < $3 ORDER BY seq {(descending ? "DESC" : "ASC")} LIMIT $4
                    """,
                    SafetyStatements.Entry,
                    token,
                    tenant,
                    from ?? 0L,
                    to ?? long.MaxValue,
                    query.Limit + 1L);
                return Pages.Cut(rows, query);
            },
            cancellation);
    }

    public async ValueTask<SafetyVerdict> VerifyAsync(string tenant, CancellationToken cancellation = default)
    {
        var head = await _database.RunAsync((connection, token) => HeadAsync(connection, tenant, token), cancellation);
        var walk = new SafetyChain();
        while (true)
        {
            var entries = await _database.RunAsync(
                (connection, token) => ReadAsync(
                    connection,
                    $"SELECT {SafetyStatements.AuditColumns} FROM safety_audit WHERE tenant = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4",
                    SafetyStatements.Entry,
                    token,
                    tenant,
                    walk.Seq,
                    head.Seq,
                    (long)VerifiedAtOnce),
                cancellation);
            foreach (var entry in entries)
            {
                if (walk.Next(entry) is { } fault) return walk.Verdict(fault);
            }

            if (entries.Count == VerifiedAtOnce) continue;
            if (walk.Seq < head.Seq) return walk.Verdict("it is missing");
            return walk.Hash.Span.SequenceEqual(head.Hash.Span) ? walk.Verdict() : new SafetyChain(walk.Seq - 1, walk.Hash).Verdict("the chain's end is not what was written");
        }
    }

    /// <summary>Whether the batch has not been made before. From here until the commit nobody else makes it.</summary>
    private static async Task<bool> ClaimAsync(NpgsqlConnection connection, SafetyBatch batch, CancellationToken token)
    {
        await using var command = Command(
            connection,
            """
            INSERT INTO safety_batch (source, number) VALUES ($1, $2)
            ON CONFLICT (source) DO UPDATE SET number = excluded.number, at = now() WHERE safety_batch.number < excluded.number
            """,
            batch.Source,
            batch.Number);
        return await command.ExecuteNonQueryAsync(token) == 1;
    }

    /// <summary>Locks the rows of all that the batch is about, and of those for whom time has made a step due.</summary>
    private static async Task<List<SafetyRecord>> LockAsync(NpgsqlConnection connection, SafetyBatch batch, DateTimeOffset now, CancellationToken token)
    {
        var named = batch.Deltas.Select(delta => SafetyRecord.New(delta.Tenant, delta.Subject, delta.FirstSeen))
            .Concat(batch.Orders.Select(order => SafetyRecord.New(order.Tenant, order.Subject, now)))
            .DistinctBy(record => (record.Tenant, record.Subject))
            .ToList();
        var locked = new List<SafetyRecord>();
        if (named.Count > 0)
        {
            await using (var insert = new NpgsqlBatch(connection) { BatchCommands = { SafetyStatements.InsertMissing(named) } })
                await insert.ExecuteNonQueryAsync(token);
            locked = await ReadAsync(
                connection,
                $"""
                SELECT {SafetyStatements.Columns} FROM safety_subject
                WHERE (tenant, subject) IN (SELECT * FROM unnest($1, $2)) ORDER BY tenant, subject FOR UPDATE
                """,
                SafetyStatements.Record,
                token,
                SqlArray.Text(named.Select(r => r.Tenant)),
                SqlArray.Text(named.Select(r => r.Subject.Id)));
        }

        // Those that another replica holds just now, it also sees to.
        var due = await ReadAsync(
            connection,
            $"SELECT {SafetyStatements.Columns} FROM safety_subject WHERE {Due} ORDER BY next_change_at LIMIT {DueAtOnce} FOR UPDATE SKIP LOCKED",
            SafetyStatements.Record,
            token,
            now.UtcDateTime);
        var known = locked.Select(r => (r.Tenant, r.Subject)).ToHashSet();
        locked.AddRange(due.Where(r => !known.Contains((r.Tenant, r.Subject))));
        return locked;
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection, List<SafetyRecord> changed, SafetyBooks books, SafetyLadder ladder, CancellationToken token)
    {
        if (changed.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { SafetyStatements.Update(changed, ladder) } };
        foreach (var webhook in books.Webhooks) batch.BatchCommands.Add(WebhookStatements.Insert(webhook));
        foreach (var drafts in books.Audit.GroupBy(draft => draft.Tenant).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var chain = await LockHeadAsync(connection, drafts.Key, token);
            batch.BatchCommands.Add(SafetyStatements.Append([.. drafts.Select(chain.Append)]));
            batch.BatchCommands.Add(SafetyStatements.MoveHead(drafts.Key, chain));
        }

        await batch.ExecuteNonQueryAsync(token);
    }

    private static async Task<SafetyChain> LockHeadAsync(NpgsqlConnection connection, string tenant, CancellationToken token)
    {
        await using (var insert = Command(
            connection, "INSERT INTO safety_audit_head (tenant, seq, hash) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING", tenant, SafetyChain.Root.ToArray()))
            await insert.ExecuteNonQueryAsync(token);
        return (await ReadAsync(connection, "SELECT seq, hash FROM safety_audit_head WHERE tenant = $1 FOR UPDATE", Chain, token, tenant)).Single();
    }

    private static async Task<SafetyChain> HeadAsync(NpgsqlConnection connection, string tenant, CancellationToken token) =>
        (await ReadAsync(connection, "SELECT seq, hash FROM safety_audit_head WHERE tenant = $1", Chain, token, tenant)).SingleOrDefault() ?? new SafetyChain();

    private Task<bool> IsAnyDueAsync(DateTimeOffset now, CancellationToken cancellation) => _database.RunAsync(
        async (connection, token) =>
        {
            await using var command = Command(connection, $"SELECT EXISTS (SELECT FROM safety_subject WHERE {Due})", now.UtcDateTime);
            return (bool)(await command.ExecuteScalarAsync(token))!;
        },
        cancellation);

    private static SafetyChain Chain(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetFieldValue<byte[]>(1));

    /// <summary>Entries have no gaps, so a number up to the last one's is an entry's.</summary>
    private static bool TryCursor(string? text, out long? seq)
    {
        seq = null;
        if (text is null) return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1) return false;
        seq = number;
        return true;
    }

    private static async Task<List<T>> ReadAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken token, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync(token);
        var rows = new List<T>();
        while (await reader.ReadAsync(token)) rows.Add(read(reader));
        return rows;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        return command;
    }
}
