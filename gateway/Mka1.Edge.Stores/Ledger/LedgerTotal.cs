namespace Mka1.Edge.Stores.Ledger;

/// <summary>A sum over ledger rows.</summary>
public readonly record struct LedgerTotal(long Runs, long InputTokens, long OutputTokens, long CostNano = 0);
