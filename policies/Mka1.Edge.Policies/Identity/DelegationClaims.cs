namespace Mka1.Edge.Policies.Identity;

/// <summary>What a delegated key says of itself, its signature found good.</summary>
/// <param name="KeyId">The key above it, whose own it says it is.</param>
/// <param name="Id"><c>jti</c>: tells it from others below the same key.</param>
/// <param name="Subject"><c>sub</c>: the end user.</param>
/// <param name="IssuedAt"><c>iat</c>.</param>
/// <param name="NotBefore"><c>nbf</c>; null when left out.</param>
/// <param name="ExpiresAt"><c>exp</c>.</param>
/// <param name="Models"><c>models</c>; null when left out.</param>
/// <param name="TokenBudget"><c>token_budget</c>; null when left out.</param>
public sealed record DelegationClaims(
    string KeyId,
    string? Id,
    string? Subject,
    DateTimeOffset? IssuedAt,
    DateTimeOffset? NotBefore,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<string>? Models,
    long? TokenBudget);
