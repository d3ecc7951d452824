using System.Security.Cryptography;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Reads and writes P-256 public keys as text.</summary>
internal static class PublicKeyText
{
    private const int CurveBits = 256;
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>A key from PEM or from the base64 of its SubjectPublicKeyInfo; null for anything else, other curves and private keys among them.</summary>
    public static ECDsa? Read(string text)
    {
        var key = ECDsa.Create();
        try
        {
            if (text.Contains("-----BEGIN PUBLIC KEY-----", StringComparison.Ordinal)) key.ImportFromPem(text);
            else key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(text), out _);
            if (key.KeySize == CurveBits && key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256) return key;
        }
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException)
        {
            // Falls through: it is none.
        }

        key.Dispose();
        return null;
    }

    /// <summary>The base64 of a key's SubjectPublicKeyInfo.</summary>
    public static string Write(ECDsa key) => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
}
