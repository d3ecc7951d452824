namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Whether a tenant may mint keys below this one, offline.</summary>
public sealed record DelegationConfig
{
    /// <summary>P-256 public keys that may have signed a delegated key, in PEM or as the base64 of their SubjectPublicKeyInfo; 4 at most.</summary>
    public IReadOnlyList<string> PublicKeys { get; init; } = [];
}
