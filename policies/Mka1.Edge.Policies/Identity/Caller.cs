namespace Mka1.Edge.Policies.Identity;

/// <summary>Who a request comes from: a key, the end user it acts for when it names one, and the delegated key it came with when it did.</summary>
public sealed record Caller(KeyGrant Grant, string? EndUser, Delegation? Delegation = null)
{
    /// <summary>The owner of everything this request creates.</summary>
    public Owner Owner => new(Grant.TenantId, EndUser);

    /// <summary>Whether the caller may use <paramref name="model"/>.</summary>
    public bool Permits(string model) => Grant.Permits(model) && (Delegation is not { Models.Count: > 0 } || Delegation.Models.Contains(model));
}
