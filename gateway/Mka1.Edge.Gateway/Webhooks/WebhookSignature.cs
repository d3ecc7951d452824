using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mka1.Edge.Gateway.Webhooks;

/// <summary>
/// Signs a delivery in two ways (contract.md F.3): MKA1's header over the raw body, and the three headers of Standard Webhooks
/// (https://github.com/standard-webhooks/standard-webhooks), which the clients of OpenAI verify.
/// </summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";
    public const string BodySignatureHeader = "X-Webhook-Signature";

    private const string EncodedSecretPrefix = "whsec_";

    /// <summary>Whether a secret makes a key: behind <c>whsec_</c> there must be base64.</summary>
    public static bool IsUsable(string secret) => KeyOf(secret) is { Length: > 0 };

    /// <summary>The headers of one attempt. Without a secret there is nothing to sign with; id and time are sent all the same.</summary>
    /// <param name="secret">The secret as its owner wrote it.</param>
    /// <param name="eventId">The same for every attempt.</param>
    /// <param name="at">The time of this attempt.</param>
    /// <param name="body">The bytes that are sent.</param>
    public static IEnumerable<KeyValuePair<string, string>> Headers(string? secret, string eventId, DateTimeOffset at, ReadOnlyMemory<byte> body)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        yield return new(IdHeader, eventId);
        yield return new(TimestampHeader, timestamp);
        if (secret is null) yield break;

        // Whoever follows MKA1's documentation uses the secret as it stands, whatever it begins with.
        yield return new(BodySignatureHeader, "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body.Span)));
        if (KeyOf(secret) is not { } key) yield break;
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{eventId}.{timestamp}."), .. body.Span];
        yield return new(SignatureHeader, "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));
    }

    private static byte[]? KeyOf(string secret)
    {
        if (!secret.StartsWith(EncodedSecretPrefix, StringComparison.Ordinal)) return Encoding.UTF8.GetBytes(secret);
        var encoded = secret[EncodedSecretPrefix.Length..];
        var key = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, key, out var length) ? key[..length] : null;
    }
}
