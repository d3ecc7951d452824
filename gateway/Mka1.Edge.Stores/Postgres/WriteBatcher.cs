using System.Threading.Channels;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>
/// Groups concurrent writes into few transactions. Whatever waits when a writer is free goes together, with no delay added: alone
/// when nothing else waits, in large groups under load. An operation whose caller gives up is still carried out.
/// </summary>
/// <typeparam name="TOperation">What is to be written.</typeparam>
/// <typeparam name="TResult">What its caller gets once it is committed.</typeparam>
internal sealed class WriteBatcher<TOperation, TResult> : IAsyncDisposable
{
    private const int Writers = 3;
    private const int MaxGroup = 256;
    private const long MaxGroupBytes = 8 << 20;
    private const int MaxWaiting = 8192;

    private readonly PostgresDatabase _database;
    private readonly TimeProvider _time;
    private readonly Func<TOperation, long> _weigh;
    private readonly WriteGroup<TOperation, TResult> _write;
    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(MaxWaiting);
    private readonly Task[] _writers;
    private long _operations;
    private long _transactions;

    /// <param name="database">Where to.</param>
    /// <param name="time">The clock.</param>
    /// <param name="weigh">About how many bytes an operation is.</param>
    /// <param name="write">Writes a group in the transaction it is given; must bear repeating.</param>
    public WriteBatcher(PostgresDatabase database, TimeProvider time, Func<TOperation, long> weigh, WriteGroup<TOperation, TResult> write)
    {
        _database = database;
        _time = time;
        _weigh = weigh;
        _write = write;
        // Several, so that one group is prepared while another waits for the disk.
        _writers = [.. Enumerable.Range(0, Writers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Operations written so far.</summary>
    public long Operations => Interlocked.Read(ref _operations);

    /// <summary>Transactions it took.</summary>
    public long Transactions => Interlocked.Read(ref _transactions);

    /// <exception cref="StoreUnavailableException">Postgres is not available. The operation may or may not have been carried out.</exception>
    public async ValueTask<TResult> WriteAsync(TOperation operation, CancellationToken cancellation)
    {
        var waiting = new Waiting(operation, _time.GetTimestamp(), new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await _queue.Writer.WriteAsync(waiting, cancellation);
        }
        catch (ChannelClosedException e)
        {
            throw new StoreUnavailableException(PostgresDatabase.Name, e);
        }

        return await waiting.Done.Task.WaitAsync(cancellation);
    }

    /// <summary>Takes nothing more in and writes what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.WhenAll(_writers);
    }

    private async Task WorkAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            var group = new List<Waiting>();
            for (var bytes = 0L; group.Count < MaxGroup && bytes < MaxGroupBytes && _queue.Reader.TryRead(out var next);)
            {
                // Behind a server that hangs nobody waits for the turn of all who came before.
                if (_time.GetElapsedTime(next.Since) > _database.Patience)
                {
                    next.Done.SetException(new StoreUnavailableException(PostgresDatabase.Name));
                    continue;
                }

                bytes += _weigh(next.Operation);
                group.Add(next);
            }

            if (group.Count > 0) await WriteAsync(group);
        }
    }

    private async Task WriteAsync(IReadOnlyList<Waiting> group)
    {
        try
        {
            TOperation[] operations = [.. group.Select(w => w.Operation)];
            var results = await _database.RunInTransactionAsync((connection, token) => _write(connection, operations, token));
            Interlocked.Add(ref _operations, group.Count);
            Interlocked.Increment(ref _transactions);
            for (var i = 0; i < group.Count; i++) group[i].Done.SetResult(results[i]);
        }
        catch (Exception e) when (e is StoreUnavailableException || group.Count == 1)
        {
            foreach (var waiting in group) waiting.Done.SetException(e);
        }
        catch (Exception)
        {
            // One of them is bad; alone it fails alone.
            foreach (var waiting in group) await WriteAsync([waiting]);
        }
    }

    private sealed record Waiting(TOperation Operation, long Since, TaskCompletionSource<TResult> Done);
}
