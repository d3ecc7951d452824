using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Local;

/// <summary>A tenant of the local run, with a key that is made at start and lives as long as the run.</summary>
/// <param name="Name">The tenant.</param>
/// <param name="HashVariable">The variable through which the configuration takes the key's hash.</param>
public sealed record DemoTenant(string Name, string HashVariable)
{
    /// <summary>The key.</summary>
    public string Key { get; } = ApiKeyFormat.Create();

    /// <summary>The key as the configuration knows it.</summary>
    public string KeyHash => ApiKeyFormat.HashText(Key);

    /// <summary>The demo tenants, in the order in which their keys are printed.</summary>
    public static IReadOnlyList<DemoTenant> All() => [new("acme", "MKA1_ACME_KEY_HASH"), new("globex", "MKA1_GLOBEX_KEY_HASH")];
}
