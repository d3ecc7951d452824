namespace Mka1.Edge.Policies.Identity;

/// <summary>Who owns a resource: a tenant and, when one was named, its end user. Both must match for access.</summary>
public readonly record struct Owner(string TenantId, string? EndUser);
