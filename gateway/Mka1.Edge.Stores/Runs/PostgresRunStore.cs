using Mka1.Edge.Stores.Postgres;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Webhooks;
using Npgsql;

namespace Mka1.Edge.Stores.Runs;

/// <summary>Runs in Postgres. Runs that end at the same time share commits.</summary>
public sealed class PostgresRunStore : IRunStore, IAsyncDisposable
{
    private readonly PostgresDatabase _database;

    /// <summary>A sign of life that waits for a connection is a sign of death to everyone else.</summary>
    private readonly PostgresDatabase _beats;
    private readonly LostClaims _lostClaims = new();
    private readonly LostClaims _lostOrphans = new();

    public PostgresRunStore(PostgresDatabase database, TimeProvider time)
    {
        _database = database;
        _beats = database.Aside(connections: 1);
        Endings = new WriteBatcher<RunEnding, bool>(database, time, EndingGroup.Weigh, EndingGroup.WriteAsync);
    }

    internal WriteBatcher<RunEnding, bool> Endings { get; }

    public async ValueTask BeatAsync(string replica, TimeSpan lease, CancellationToken cancellation = default) =>
        await ExecuteAsync(_beats, RunStatements.Beat, [replica, lease], cancellation);

    public async ValueTask LeaveAsync(string replica, CancellationToken cancellation = default) =>
        await ExecuteAsync("DELETE FROM replica WHERE id = $1", [replica], cancellation);

    public async ValueTask<IReadOnlyList<StoredRun>> ClaimAsync(string replica, int slots, int perTenant, CancellationToken cancellation = default) =>
        slots <= 0 ? [] : await TakeAsync(
            _lostClaims, replica, claim => Batch(RunStatements.Claim, [replica, (long)slots, (long)perTenant, claim]), cancellation);

    public async ValueTask<IReadOnlyList<StoredRun>> TakeOrphansAsync(string replica, int slots, CancellationToken cancellation = default) =>
        slots <= 0 ? [] : await TakeAsync(
            _lostOrphans, replica, claim => Batch(RunStatements.TakeOrphans, [replica, (long)slots, claim]), cancellation);

    public async ValueTask<bool> StartAsync(
        string responseId, int fence, ReadOnlyMemory<byte> body, WebhookEvent? webhook, CancellationToken cancellation = default) =>
        await _database.RunInTransactionAsync(
            async (connection, token) =>
            {
                await using var start = Command(connection, RunStatements.Start, [responseId, fence, (short)StoredStatus.InProgress, body.ToArray()]);
                if (await start.ExecuteNonQueryAsync(token) == 0) return false;
                if (webhook is null) return true;
                await using var batch = new NpgsqlBatch(connection) { BatchCommands = { WebhookStatements.Insert(webhook) } };
                await batch.ExecuteNonQueryAsync(token);
                return true;
            },
            cancellation);

    public async ValueTask<bool> MarkEmittedAsync(string responseId, int fence, CancellationToken cancellation = default) =>
        await ExecuteAsync(RunStatements.MarkEmitted, [responseId, fence], cancellation) > 0;

    public async ValueTask<bool> ReleaseAsync(string responseId, int fence, CancellationToken cancellation = default) =>
        await ExecuteAsync(RunStatements.Release, [responseId, fence, (short)StoredStatus.Queued], cancellation) > 0;

    public ValueTask<bool> FinishAsync(RunEnding ending, CancellationToken cancellation = default) => Endings.WriteAsync(ending, cancellation);

    public async ValueTask<StoredRun?> PeekAsync(string responseId, CancellationToken cancellation = default) => await _database.RunAsync(
        async (connection, token) =>
        {
            await using var command = Command(connection, RunStatements.Peek, [responseId]);
            await using var rows = await command.ExecuteReaderAsync(token);
            return await rows.ReadAsync(token) ? Read(rows) : null;
        },
        cancellation);

    public async ValueTask<long> QueuedAsync(CancellationToken cancellation = default) => await _database.RunAsync(
        async (connection, token) =>
        {
            await using var command = Command(connection, "SELECT count(*) FROM run WHERE replica IS NULL", []);
            return (long)(await command.ExecuteScalarAsync(token))!;
        },
        cancellation);

    /// <summary>Writes what is waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        await Endings.DisposeAsync();
        await _beats.DisposeAsync();
    }

    private static NpgsqlBatchCommand Batch(string sql, object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    private static async Task<List<string>> ReadIdsAsync(NpgsqlDataReader rows, CancellationToken cancellation)
    {
        var ids = new List<string>();
        while (await rows.ReadAsync(cancellation)) ids.Add(rows.GetString(0));
        return ids;
    }

    /// <summary>
    /// Takes runs for a replica. A run taken in a call whose reply got lost is held by a replica that does not know of it; the next
    /// call of the kind, or the repetition of this one, hands it out.
    /// </summary>
    private async Task<IReadOnlyList<StoredRun>> TakeAsync(
        LostClaims lost, string replica, Func<Guid, NpgsqlBatchCommand> take, CancellationToken cancellation)
    {
        var claim = Guid.NewGuid();
        var before = lost.Of(replica);
        var tried = false;
        try
        {
            var runs = await _database.RunAsync(
                async (connection, token) =>
                {
                    Guid[] doubtful = tried ? [.. before, claim] : before;
                    tried = true;
                    var ids = doubtful.Length > 0 ? await FindLostAsync(connection, replica, doubtful, claim, token) : [];
                    if (ids.Count == 0) ids = await TakeAsync(connection, take(claim), token);
                    return await LoadAsync(connection, replica, ids, token);
                },
                cancellation);
            lost.Looked(replica, before);
            return runs;
        }
        catch
        {
            lost.Add(replica, claim);
            throw;
        }
    }

    /// <summary>One message to the server and one short answer: the lock is held no longer when this process stops in the midst of it.</summary>
    private static async Task<List<string>> TakeAsync(NpgsqlConnection connection, NpgsqlBatchCommand take, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand(RunStatements.OneAtATime), take } };
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.NextResultAsync(cancellation);
        return await ReadIdsAsync(rows, cancellation);
    }

    private static async Task<List<string>> FindLostAsync(
        NpgsqlConnection connection, string replica, Guid[] claims, Guid claim, CancellationToken cancellation)
    {
        await using var command = Command(connection, RunStatements.FindLost, [replica, claims, claim]);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await ReadIdsAsync(rows, cancellation);
    }

    private static async Task<IReadOnlyList<StoredRun>> LoadAsync(
        NpgsqlConnection connection, string replica, List<string> ids, CancellationToken cancellation)
    {
        if (ids.Count == 0) return [];
        await using var command = Command(connection, RunStatements.Load, [replica, ids.ToArray()]);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var runs = new List<StoredRun>();
        while (await rows.ReadAsync(cancellation)) runs.Add(Read(rows));
        return runs;
    }

    private static StoredRun Read(NpgsqlDataReader row)
    {
        const int First = ResponseRow.Count;
        var webhook = row.IsDBNull(First + 6) ? null : new WebhookTarget(row.GetString(First + 6), ResponseRow.Bytes(row, First + 7));
        var run = new NewRun(
            row.GetString(First),
            row.GetString(First + 1),
            row.IsDBNull(First + 2) ? null : row.GetString(First + 2),
            row.GetInt16(First + 3),
            row.GetFieldValue<byte[]>(First + 4),
            ResponseRow.Bytes(row, First + 5),
            webhook,
            row.IsDBNull(First + 10) ? null : DelegationJson.Of(row.GetFieldValue<byte[]>(First + 10)));
        return new StoredRun(ResponseRow.Read(row), run, row.GetInt32(First + 8), row.GetBoolean(First + 9));
    }

    private Task<int> ExecuteAsync(string sql, object[] values, CancellationToken cancellation) => ExecuteAsync(_database, sql, values, cancellation);

    private static Task<int> ExecuteAsync(PostgresDatabase database, string sql, object[] values, CancellationToken cancellation) => database.RunAsync(
        async (connection, token) =>
        {
            await using var command = Command(connection, sql, values);
            return await command.ExecuteNonQueryAsync(token);
        },
        cancellation);
}
