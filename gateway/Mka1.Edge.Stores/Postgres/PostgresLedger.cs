using Mka1.Edge.Stores.Ledger;
using Npgsql;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>
/// A ledger in Postgres. Rows that come at the same time share a commit. While Postgres is away or slow rows wait in memory, and are
/// written when it is back; a run that has its row gets no second one, however often it is tried.
/// </summary>
public sealed class PostgresLedger : ILedger, IAsyncDisposable
{
    /// <summary>Rows that wait in memory when nobody says otherwise.</summary>
    public const int DefaultCapacity = 100_000;

    private const int RowsPerCommit = 500;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Nobody is kept waiting for longer: requests that store nothing end with their row too.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private readonly PostgresDatabase _database;
    private readonly TimeProvider _clock;
    private readonly int _capacity;
    private readonly Action<LedgerEntry>? _dropped;
    private readonly Lock _gate = new();
    private readonly Queue<Row> _waiting = new();
    private readonly SemaphoreSlim _arrived = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _writing;
    private bool _away;
    private long _droppedRows;

    /// <param name="database">Where the rows go.</param>
    /// <param name="clock">For the pause between two tries.</param>
    /// <param name="capacity">Rows that may wait in memory.</param>
    /// <param name="dropped">Told of every row that is lost, so that its values can be logged.</param>
    public PostgresLedger(PostgresDatabase database, TimeProvider clock, int capacity = DefaultCapacity, Action<LedgerEntry>? dropped = null)
    {
        _database = database;
        _clock = clock;
        _capacity = capacity;
        _dropped = dropped;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Rows that wait in memory now.</summary>
    public int Spooled
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>Rows lost: they did not fit into memory, Postgres refused them, or the process ended first.</summary>
    public long Dropped => Interlocked.Read(ref _droppedRows);

    /// <summary>Writes one row. Complete when it is committed, or, while Postgres is away or slow, when it waits in memory.</summary>
    public async ValueTask<LedgerReceipt> AppendAsync(LedgerEntry entry, CancellationToken cancellation = default)
    {
        Row? row;
        lock (_gate)
        {
            var fits = _waiting.Count < _capacity && !_stopping.IsCancellationRequested;
            row = fits ? new Row(entry) : null;
            if (row is not null)
            {
                _waiting.Enqueue(row);
                if (_away) row.Settled.TrySetResult();
                Nudge();
            }
        }

        if (row is null)
        {
            Drop(entry);
            return LedgerReceipt.Done;
        }

        try
        {
            await row.Settled.Task.WaitAsync(Slow, _clock, cancellation);
        }
        catch (TimeoutException)
        {
            // A Postgres that stands still counts as away long before its connections break.
            SpoolAll();
        }

        return new LedgerReceipt(row.Written.Task);
    }

    public async ValueTask<IReadOnlyList<LedgerEntry>> FindAsync(IReadOnlyCollection<string> responseIds, CancellationToken cancellation = default) =>
        await _database.RunAsync(
            async (connection, token) =>
            {
                await using var command = new NpgsqlCommand(
                    """
                    SELECT response_id, tenant, end_user, key_id, model, created_at, input_tokens, output_tokens, estimated, cost_nano
                    FROM ledger WHERE response_id = ANY($1)
                    """,
                    connection) { Parameters = { new() { Value = responseIds.ToArray() } } };
                await using var reader = await command.ExecuteReaderAsync(token);
                var rows = new List<LedgerEntry>();
                while (await reader.ReadAsync(token)) rows.Add(LedgerStatements.Read(reader));
                return rows;
            },
            cancellation);

    public async ValueTask<LedgerTotal> TotalAsync(string tenantId, CancellationToken cancellation = default) => await _database.RunAsync(
        async (connection, token) =>
        {
            await using var command = new NpgsqlCommand(
                """
                SELECT count(*), coalesce(sum(input_tokens), 0)::bigint, coalesce(sum(output_tokens), 0)::bigint, coalesce(sum(cost_nano), 0)::bigint
                FROM ledger WHERE tenant = $1
                """,
                connection) { Parameters = { new() { Value = tenantId } } };
            await using var reader = await command.ExecuteReaderAsync(token);
            await reader.ReadAsync(token);
            return new LedgerTotal(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
        },
        cancellation);

    /// <summary>Writes what still waits, and drops it when Postgres does not take it now.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested) return;
            _stopping.Cancel();
            Nudge();
        }

        await _writing;
        while (Take() is { Count: > 0 } rows && await TryWriteAsync(rows)) Settle(rows);
        while (Take() is { Count: > 0 } lost)
        {
            foreach (var row in lost.Where(r => !r.IsRefused)) Drop(row.Entry);
            Settle(lost);
        }

        _arrived.Dispose();
        _stopping.Dispose();
    }

    private async Task WriteAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var rows = Take();
            if (rows.Count == 0)
            {
                await _arrived.WaitAsync();
            }
            else if (await TryWriteAsync(rows))
            {
                Settle(rows);
            }
            else
            {
                SpoolAll();
                await Task.Delay(RetryDelay, _clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>The oldest rows. They stay in the queue until they are settled.</summary>
    private List<Row> Take()
    {
        lock (_gate) return [.. _waiting.Take(RowsPerCommit)];
    }

    private void Settle(List<Row> rows)
    {
        lock (_gate)
        {
            _away = false;
            for (var i = 0; i < rows.Count; i++) _waiting.Dequeue();
        }

        foreach (var row in rows)
        {
            row.Written.TrySetResult();
            row.Settled.TrySetResult();
        }
    }

    private void SpoolAll()
    {
        lock (_gate)
        {
            _away = true;
            foreach (var row in _waiting) row.Settled.TrySetResult();
        }
    }

    /// <summary>False when Postgres is away. Rows that it refuses are dropped, one by one, so that they hold nobody else up.</summary>
    private async Task<bool> TryWriteAsync(List<Row> rows)
    {
        rows = rows.FindAll(r => !r.IsRefused);
        if (rows.Count == 0) return true;
        try
        {
            await _database.RunAsync(
                async (connection, token) =>
                {
                    await using var batch = new NpgsqlBatch(connection) { BatchCommands = { LedgerStatements.Insert([.. rows.Select(r => r.Entry)]) } };
                    return await batch.ExecuteNonQueryAsync(token);
                });
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
        catch (Exception) when (rows.Count > 1)
        {
            foreach (var row in rows)
            {
                if (!await TryWriteAsync([row])) return false;
            }

            return true;
        }
        catch (Exception)
        {
            rows[0].IsRefused = true;
            Drop(rows[0].Entry);
            return true;
        }
    }

    private void Drop(LedgerEntry entry)
    {
        Interlocked.Increment(ref _droppedRows);
        _dropped?.Invoke(entry);
    }

    /// <summary>Under the lock only, so that two callers cannot both find the semaphore empty.</summary>
    private void Nudge()
    {
        if (_arrived.CurrentCount == 0) _arrived.Release();
    }

    private sealed class Row(LedgerEntry entry)
    {
        public LedgerEntry Entry { get; } = entry;

        public bool IsRefused { get; set; }

        /// <summary>It is committed, or lost.</summary>
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Nobody has to wait for it any longer.</summary>
        public TaskCompletionSource Settled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
