namespace Mka1.Edge.Stores.Idempotency;

/// <summary>What a key stands for.</summary>
/// <param name="ResponseId">The response that the first request with this key is about.</param>
/// <param name="Fingerprint">SHA-256 of what that request asked for.</param>
/// <param name="IsNew">Whether this call made the claim.</param>
public sealed record IdempotencyClaim(string ResponseId, ReadOnlyMemory<byte> Fingerprint, bool IsNew);
