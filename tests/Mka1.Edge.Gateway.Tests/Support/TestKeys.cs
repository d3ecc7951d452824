using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>The keys of the two tenants that every test gateway knows. New ones for every test run.</summary>
public static class TestKeys
{
    /// <summary>Tenant acme, no limits.</summary>
    public static readonly string Acme = ApiKeyFormat.Create();

    /// <summary>Tenant globex, no limits.</summary>
    public static readonly string Globex = ApiKeyFormat.Create();

    /// <summary>Tenant acme, may administer it.</summary>
    public static readonly string AcmeAdmin = ApiKeyFormat.Create();

    /// <summary>Tenant globex, may administer it.</summary>
    public static readonly string GlobexAdmin = ApiKeyFormat.Create();

    /// <summary>Tenant acme, may name <c>mka1-mini-quantized</c> only.</summary>
    public static readonly string QuantizedOnly = ApiKeyFormat.Create();

    /// <summary>Tenant acme, must act for an end user.</summary>
    public static readonly string UserRequired = ApiKeyFormat.Create();

    /// <summary>Tenant acme, must not act for an end user.</summary>
    public static readonly string UserForbidden = ApiKeyFormat.Create();

    /// <summary>Tenant acme, expired.</summary>
    public static readonly string Expired = ApiKeyFormat.Create();

    /// <summary>Tenant acme, five requests a day.</summary>
    public static readonly string FiveADay = ApiKeyFormat.Create();

    /// <summary>Tenant acme, one request at a time.</summary>
    public static readonly string OneAtATime = ApiKeyFormat.Create();

    /// <summary>Well-formed, and nobody's.</summary>
    public static readonly string Unknown = ApiKeyFormat.Create();
}
