using System.Net.Sockets;
using Npgsql;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>
/// The way to Postgres: one pool, and one place that tells "not available" from "wrong". Statements run with
/// <c>synchronous_commit = on</c>: what is acknowledged has reached the disk.
/// </summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    internal const string Name = "postgres";

    private const string SerializationFailure = "40001";
    private const string DeadlockDetected = "40P01";
    private const string ReadOnlyTransaction = "25006";
    private const int ConflictTries = 5;

    private readonly string _connectionString;
    private readonly NpgsqlDataSource _source;
    private readonly TimeSpan _patience;

    /// <param name="connectionString">Npgsql's form; timeouts and pool size in it win over the defaults here.</param>
    /// <param name="patience">How long one unit of work may take before the store counts as not available.</param>
    public PostgresDatabase(string connectionString, TimeSpan? patience = null)
    {
        _connectionString = connectionString;
        _patience = patience ?? TimeSpan.FromSeconds(5);
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var seconds = (int)Math.Ceiling(_patience.TotalSeconds);
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = given.ApplicationName ?? "mka1-edge" };
        if (!Has("Timeout")) settings.Timeout = seconds;
        if (!Has("Command Timeout")) settings.CommandTimeout = seconds;
        if (!Has("Cancellation Timeout")) settings.CancellationTimeout = 1000;
        if (!Has("Maximum Pool Size")) settings.MaxPoolSize = 32;
        // Planning over a month of partitions costs more than looking an id up in them.
        if (!Has("Max Auto Prepare")) settings.MaxAutoPrepare = 64;
        // Every statement here is short and has its index. A partition begins empty and without statistics, and a plan made then
        // stays: it must neither compile nor read the whole of what will be large an hour later.
        if (!Has("Options")) settings.Options = "-c synchronous_commit=on -c jit=off -c enable_seqscan=off";
        _source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();

        bool Has(string key) => given.ContainsKey(key) && connectionString.Contains(key, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>How long one unit of work may take before the store counts as not available.</summary>
    internal TimeSpan Patience => _patience;

    /// <summary>The same database over a pool of its own, for what must not wait behind everything else.</summary>
    internal PostgresDatabase Aside(int connections) =>
        new(new NpgsqlConnectionStringBuilder(_connectionString) { MaxPoolSize = connections }.ConnectionString, _patience);

    /// <summary>Runs work on a connection. Work that met a broken connection is tried once more on a fresh one: it must bear repeating.</summary>
    /// <exception cref="StoreUnavailableException">Postgres cannot be reached, is starting or stopping, or does not answer in time.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellation = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_patience);
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(patience.Token);
                return await work(connection, patience.Token);
            }
            catch (PostgresException e) when (e.SqlState is SerializationFailure or DeadlockDetected && tries < ConflictTries)
            {
                // Two units of work met; the loser goes again.
            }
            catch (Exception e) when (IsUnavailable(e) && tries == 1 && !patience.IsCancellationRequested)
            {
                // A pooled connection that a restart has broken says so only when it is used.
                _source.Clear();
            }
            catch (Exception e) when (IsUnavailable(e) || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                throw new StoreUnavailableException(Name, e);
            }
        }
    }

    /// <summary>Runs work in a transaction, with the same promises as <see cref="RunAsync"/>.</summary>
    /// <exception cref="StoreUnavailableException">Postgres is not available. The transaction may or may not have been committed.</exception>
    public Task<T> RunInTransactionAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellation = default) => RunAsync(
        async (connection, token) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(token);
            var result = await work(connection, token);
            await transaction.CommitAsync(token);
            return result;
        },
        cancellation);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <summary>
    /// Classes 08 (connection), 53 (resources), 57 (operator intervention), 58 (the system below, such as a disk), a server that takes
    /// no writes, as one does that has become a standby, and whatever ends a connection.
    /// </summary>
    internal static bool IsUnavailable(Exception e) => e switch
    {
        PostgresException p => p.SqlState.StartsWith("08", StringComparison.Ordinal)
            || p.SqlState.StartsWith("53", StringComparison.Ordinal)
            || p.SqlState.StartsWith("57", StringComparison.Ordinal)
            || p.SqlState.StartsWith("58", StringComparison.Ordinal)
            || p.SqlState == ReadOnlyTransaction,
        NpgsqlException or SocketException or IOException or TimeoutException => true,
        _ => false,
    };
}
