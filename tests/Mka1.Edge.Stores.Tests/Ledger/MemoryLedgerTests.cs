using Mka1.Edge.Stores.Ledger;

namespace Mka1.Edge.Stores.Tests.Ledger;

public sealed class MemoryLedgerTests : LedgerBehaviour
{
    protected override ILedger Book { get; } = new MemoryLedger();

    [Fact]
    public async Task Old_rows_give_way_and_live_on_in_the_totals()
    {
        var small = new MemoryLedger(capacity: 2);
        for (var i = 0; i < 3; i++) await small.AppendAsync(Entry("tenant"));
        Assert.Equal(2, small.Rows().Count);
        Assert.Equal(new LedgerTotal(3, 30, 60), await small.TotalAsync("tenant"));
    }
}
