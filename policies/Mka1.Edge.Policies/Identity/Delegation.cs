namespace Mka1.Edge.Policies.Identity;

/// <summary>A key that a tenant has minted itself, below one of its own: less of what that one may do.</summary>
/// <param name="Id">Its unique id.</param>
/// <param name="EndUser">The one end user it acts for.</param>
/// <param name="Models">Models it may name; empty means all that the key above it may.</param>
/// <param name="TokenBudget">Tokens it may spend in its whole life; null for no budget of its own.</param>
/// <param name="ExpiresAt">The instant from which it is refused.</param>
public sealed record Delegation(string Id, string EndUser, IReadOnlySet<string> Models, long? TokenBudget, DateTimeOffset ExpiresAt);
