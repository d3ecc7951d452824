using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Ledger;

namespace Mka1.Edge.Stores.Tests.Ledger;

/// <summary>Promise: every run has its row, and the totals are what the rows say.</summary>
public abstract class LedgerBehaviour
{
    private readonly string _tenant = "tenant-" + Guid.NewGuid();

    /// <summary>The ledger.</summary>
    protected abstract ILedger Book { get; }

    [Fact]
    public async Task A_tenant_without_rows_has_used_nothing() => Assert.Equal(default, await Book.TotalAsync(_tenant));

    [Fact]
    public async Task A_row_counts_as_soon_as_it_is_appended()
    {
        await Book.AppendAsync(Entry(_tenant) with { InputTokens = 3, OutputTokens = 4_000_000_000 });
        Assert.Equal(new LedgerTotal(1, 3, 4_000_000_000), await Book.TotalAsync(_tenant));
    }

    [Fact]
    public async Task Rows_of_all_end_users_count_and_those_of_other_tenants_do_not()
    {
        await Book.AppendAsync(Entry(_tenant));
        await Book.AppendAsync(Entry(_tenant) with { Owner = new Owner(_tenant, "user") });
        await Book.AppendAsync(Entry("other-" + Guid.NewGuid()));
        Assert.Equal(new LedgerTotal(2, 20, 40), await Book.TotalAsync(_tenant));
    }

    [Fact]
    public async Task Many_rows_at_once_all_count()
    {
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => Task.Run(async () => await Book.AppendAsync(Entry(_tenant)))));
        Assert.Equal(new LedgerTotal(2000, 20_000, 40_000), await Book.TotalAsync(_tenant));
    }

    [Fact]
    public async Task A_row_is_found_as_it_was_written()
    {
        var entry = Entry(_tenant) with { Owner = new Owner(_tenant, "user"), KeyId = "second", Estimated = true, CostNano = 9_000_000_000_000_001 };
        await Book.AppendAsync(entry);
        Assert.Equal([entry], await Book.FindAsync([entry.ResponseId]));
    }

    [Fact]
    public async Task Of_the_runs_asked_for_those_with_rows_are_found()
    {
        LedgerEntry[] entries = [Entry(_tenant), Entry(_tenant), Entry(_tenant)];
        foreach (var entry in entries) await Book.AppendAsync(entry);
        var found = await Book.FindAsync([entries[2].ResponseId, "resp_unknown", entries[0].ResponseId]);
        Assert.Equal(new[] { entries[0], entries[2] }.OrderBy(e => e.ResponseId), found.OrderBy(e => e.ResponseId));
        Assert.Empty(await Book.FindAsync(["resp_unknown"]));
        Assert.Empty(await Book.FindAsync([]));
    }

    [Fact]
    public async Task Costs_add_up()
    {
        await Book.AppendAsync(Entry(_tenant) with { CostNano = 5_000_000_000 });
        await Book.AppendAsync(Entry(_tenant) with { CostNano = 7 });
        Assert.Equal(new LedgerTotal(2, 20, 40, 5_000_000_007), await Book.TotalAsync(_tenant));
    }

    /// <summary>A row of 10 + 20 tokens.</summary>
    protected static LedgerEntry Entry(string tenant) => new(
        "resp_" + Guid.NewGuid().ToString("N"), new Owner(tenant, null), "main", "mka1-mini-dense", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), 10, 20, false);
}
