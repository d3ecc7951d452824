using Mka1.Edge.Stores.Keys;

namespace Mka1.Edge.Gateway.Identity;

/// <summary>What became of a change to a key.</summary>
internal abstract record KeyResult
{
    private KeyResult() { }

    /// <summary>It is done.</summary>
    /// <param name="Key">The key as it is now.</param>
    /// <param name="Secret">The new secret, which is nowhere else; null when none was made.</param>
    /// <param name="DelegationKey">The private key to mint delegated keys with, in PEM, which is nowhere else; null when none was made.</param>
    public sealed record Done(StoredKey Key, string? Secret = null, string? DelegationKey = null) : KeyResult;

    /// <summary>There is no such key, or no such secret of it, or it is revoked already.</summary>
    public sealed record Unknown : KeyResult;

    /// <summary>What was asked for cannot be: every reason, beginning with the name of what it is about.</summary>
    public sealed record Refused(IReadOnlyList<string> Faults) : KeyResult;
}
