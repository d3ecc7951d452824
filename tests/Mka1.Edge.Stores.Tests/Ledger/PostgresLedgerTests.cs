using System.Collections.Concurrent;
using Mka1.Edge.Stores.Ledger;
using Mka1.Edge.Stores.Postgres;
using Mka1.Edge.Stores.Tests.Support;
using Npgsql;

namespace Mka1.Edge.Stores.Tests.Ledger;

public sealed class PostgresLedgerTests : LedgerBehaviour, IClassFixture<PostgresFixture>, IAsyncLifetime, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PostgresFixture _postgres;
    private readonly PostgresLedger _ledger;

    public PostgresLedgerTests(PostgresFixture postgres)
    {
        _postgres = postgres;
        _ledger = new PostgresLedger(postgres.Database, TimeProvider.System);
    }

    protected override ILedger Book => _ledger;

    public Task InitializeAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task A_run_gets_one_row_however_often_it_is_appended()
    {
        var entry = Entry("twice-" + Guid.NewGuid());
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _ledger.AppendAsync(entry).AsTask()));
        Assert.Equal(1, (await _ledger.TotalAsync(entry.Owner.TenantId)).Runs);
    }

    [Fact]
    public async Task Rows_that_come_together_share_commits()
    {
        var tenant = "together-" + Guid.NewGuid();
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => _ledger.AppendAsync(Entry(tenant)).AsTask()));
        var commits = await _postgres.Database.RunAsync(async (connection, token) =>
        {
            await using var command = new NpgsqlCommand("SELECT count(DISTINCT xmin::text) FROM ledger WHERE tenant = $1", connection)
            {
                Parameters = { new() { Value = tenant } },
            };
            return (long)(await command.ExecuteScalarAsync(token))!;
        });
        Assert.InRange(commits, 1, 200);
    }

    [Fact]
    public async Task While_postgres_is_away_rows_wait_and_are_written_once_when_it_is_back()
    {
        var tenant = "away-" + Guid.NewGuid();
        await using var proxy = new TcpGate(_postgres.ConnectionString);
        await using var database = new PostgresDatabase(proxy.ConnectionString, TimeSpan.FromSeconds(1));
        await using var ledger = new PostgresLedger(database, TimeProvider.System);
        await ledger.AppendAsync(Entry(tenant));

        proxy.Close();
        var entries = Enumerable.Range(0, 1200).Select(_ => Entry(tenant)).ToList();
        var receipts = await Task.WhenAll(entries.Select(e => ledger.AppendAsync(e).AsTask())).WaitAsync(Patience);
        Assert.Equal(1200, ledger.Spooled);
        Assert.DoesNotContain(receipts, receipt => receipt.Written.IsCompleted);
        Assert.Equal(1, (await _ledger.TotalAsync(tenant)).Runs);

        // Settling a run again while its row waits must not count it twice either.
        await ledger.AppendAsync(entries[0]);
        proxy.Open();
        await UntilAsync(() => ledger.Spooled == 0);
        await Task.WhenAll(receipts.Select(receipt => receipt.Written)).WaitAsync(Patience);
        Assert.Equal(1201, (await _ledger.TotalAsync(tenant)).Runs);
        Assert.Equal(0, ledger.Dropped);

        // Back to normal: complete means committed.
        Assert.True((await ledger.AppendAsync(Entry(tenant))).Written.IsCompleted);
        Assert.Equal(1202, (await _ledger.TotalAsync(tenant)).Runs);
    }

    [Fact]
    public async Task Rows_beyond_the_bound_are_dropped_and_handed_over_with_their_values()
    {
        var dropped = new ConcurrentQueue<LedgerEntry>();
        await using var proxy = new TcpGate(_postgres.ConnectionString);
        proxy.Close();
        await using var database = new PostgresDatabase(proxy.ConnectionString, TimeSpan.FromSeconds(1));
        var ledger = new PostgresLedger(database, TimeProvider.System, capacity: 3, dropped.Enqueue);
        var entries = Enumerable.Range(0, 5).Select(_ => Entry("full")).ToList();
        await Task.WhenAll(entries.Select(e => ledger.AppendAsync(e).AsTask())).WaitAsync(Patience);
        Assert.Equal(entries[3..], dropped);
        Assert.Equal(3, ledger.Spooled);

        // The process ends while Postgres is still away: now the others are lost too, and are named.
        await ledger.DisposeAsync();
        Assert.Equal(5, ledger.Dropped);
        Assert.Equal(entries.Select(e => e.ResponseId).Order(), dropped.Select(e => e.ResponseId).Order());
    }

    [Fact]
    public async Task What_waits_is_written_when_the_process_ends()
    {
        var tenant = "ending-" + Guid.NewGuid();
        await using var proxy = new TcpGate(_postgres.ConnectionString);
        proxy.Close();
        await using var database = new PostgresDatabase(proxy.ConnectionString, TimeSpan.FromSeconds(1));
        var ledger = new PostgresLedger(database, new SteppedClock());
        await Task.WhenAll(Enumerable.Range(0, 700).Select(_ => ledger.AppendAsync(Entry(tenant)).AsTask())).WaitAsync(Patience);
        proxy.Open();
        await ledger.DisposeAsync();
        Assert.Equal(700, (await _ledger.TotalAsync(tenant)).Runs);
        Assert.Equal(0, ledger.Dropped);
    }

    [Fact]
    public async Task A_row_that_postgres_refuses_is_dropped_alone()
    {
        var tenant = "refused-" + Guid.NewGuid();
        var dropped = new ConcurrentQueue<LedgerEntry>();
        await using var ledger = new PostgresLedger(_postgres.Database, TimeProvider.System, dropped: dropped.Enqueue);
        var entries = Enumerable.Range(0, 50).Select(i => i == 25 ? Entry(tenant) with { Model = "a\0b" } : Entry(tenant)).ToList();
        await Task.WhenAll(entries.Select(e => ledger.AppendAsync(e).AsTask())).WaitAsync(Patience);
        Assert.Equal(49, (await ledger.TotalAsync(tenant)).Runs);
        Assert.Equal([entries[25]], dropped);
        Assert.Equal(1, ledger.Dropped);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition()) await Task.Delay(20, limit.Token);
    }
}
