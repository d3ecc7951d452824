using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>Someone who sends requests.</summary>
/// <param name="Name">For reports.</param>
/// <param name="Key">The API key; null for none.</param>
/// <param name="EndUser">The end user it says it acts for.</param>
/// <param name="Owner">Whose objects it may see; null when it is refused before anything is looked for.</param>
/// <param name="EveryShape">Whether ids are sent in every shape; else as they were returned.</param>
public sealed record Principal(string Name, string? Key, string? EndUser, Owner? Owner, bool EveryShape = false)
{
    /// <summary>A key of acme's that has been revoked by the time anybody goes for anything.</summary>
    public static readonly string RevokedKey = ApiKeyFormat.Create();

    /// <summary>The owners whose objects everybody goes for.</summary>
    public static readonly Principal User = Of("acme for a1", TestKeys.Acme, "acme", "a1", everyShape: true);

    public static readonly Principal Tenant = Of("acme for nobody", TestKeys.Acme, "acme", null, everyShape: true);

    /// <summary>The owner of the tenant's keys.</summary>
    public static readonly Principal Admin = Of("acme's administrator", TestKeys.AcmeAdmin, "acme", null);

    public static readonly IReadOnlyList<Principal> All =
    [
        User,
        Tenant,
        Admin,
        Of("globex's administrator", TestKeys.GlobexAdmin, "globex", null, everyShape: true),
        Of("acme's administrator for a1", TestKeys.AcmeAdmin, "acme", "a1"),
        Of("acme for a2", TestKeys.Acme, "acme", "a2", everyShape: true),
        Of("globex for b1", TestKeys.Globex, "globex", "b1", everyShape: true),
        Of("globex for nobody", TestKeys.Globex, "globex", null, everyShape: true),
        Of("globex for a user named like acme's", TestKeys.Globex, "globex", "a1"),
        Of("acme for a user named like a1 but for case", TestKeys.Acme, "acme", "A1"),
        Of("acme with a key for end users only", TestKeys.UserRequired, "acme", "a2"),
        Of("acme with a key that may not act for end users", TestKeys.UserForbidden, "acme", null),
        new("acme for a1 with a key that may not", TestKeys.UserForbidden, "a1", null),
        new("acme for nobody with a key for end users only", TestKeys.UserRequired, null, null),
        new("acme for a1 with an expired key", TestKeys.Expired, "a1", null),
        new("acme for a1 with a revoked key", RevokedKey, "a1", null),
        new("acme with a revoked key", RevokedKey, null, null),
        new("an unknown key for a1", TestKeys.Unknown, "a1", null),
        new("no key", null, "a1", null),
    ];

    public override string ToString() => Name;

    private static Principal Of(string name, string key, string tenant, string? endUser, bool everyShape = false) =>
        new(name, key, endUser, new Owner(tenant, endUser), everyShape);
}
