namespace Mka1.Edge.Stores.Tests.Responses;

/// <summary>What a response left elsewhere.</summary>
/// <param name="Items">Ids of the conversation's items, in their order.</param>
/// <param name="Webhooks">Ids of its notifications.</param>
/// <param name="LedgerRows">Rows in the ledger.</param>
public sealed record Effects(IReadOnlyList<string> Items, IReadOnlyList<string> Webhooks, int LedgerRows);
