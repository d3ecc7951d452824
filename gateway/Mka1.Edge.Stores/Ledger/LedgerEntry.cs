using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Stores.Ledger;

/// <summary>What one run cost: one row, written once, never changed.</summary>
/// <param name="ResponseId">The run.</param>
/// <param name="Owner">Tenant and end user.</param>
/// <param name="KeyId">The key it was asked for with.</param>
/// <param name="Model">The variant that served it.</param>
/// <param name="CreatedAt">When the request was taken in.</param>
/// <param name="InputTokens">Tokens read.</param>
/// <param name="OutputTokens">Tokens generated.</param>
/// <param name="Estimated">True when the model server reported no usage and the gateway counted deltas.</param>
/// <param name="CostNano">What the tokens cost, in billionths of the currency unit.</param>
public sealed record LedgerEntry(
    string ResponseId,
    Owner Owner,
    string KeyId,
    string Model,
    DateTimeOffset CreatedAt,
    long InputTokens,
    long OutputTokens,
    bool Estimated,
    long CostNano = 0);
