namespace Mka1.Edge.Policies.Identity;

/// <summary>Who a request comes from: a key, and the end user it acts for when it names one.</summary>
public sealed record Caller(KeyGrant Grant, string? EndUser)
{
    /// <summary>The owner of everything this request creates.</summary>
    public Owner Owner => new(Grant.TenantId, EndUser);
}
