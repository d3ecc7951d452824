namespace Mka1.Edge.Stores.Ledger;

/// <summary>What became of a row.</summary>
/// <param name="Written">Complete when the row will survive whatever the store survives, or is lost; until then it waits in memory.</param>
public readonly record struct LedgerReceipt(Task Written)
{
    /// <summary>Of a row that is written.</summary>
    public static LedgerReceipt Done { get; } = new(Task.CompletedTask);
}
