using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>Mints delegated keys by hand, right ones and wrong ones: every part can be changed before it is signed, and after.</summary>
internal sealed class DelegatedKey(ECDsa signer, string kid)
{
    public JsonObject Header { get; } = new() { ["alg"] = "ES256", ["kid"] = kid };

    public JsonObject Payload { get; } = new()
    {
        ["sub"] = "alice",
        ["jti"] = Guid.NewGuid().ToString("N"),
        ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
        ["exp"] = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds(),
    };

    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public DelegatedKey With(string claim, JsonNode? value)
    {
        Payload[claim] = value;
        return this;
    }

    public DelegatedKey Without(string claim)
    {
        Payload.Remove(claim);
        return this;
    }

    public DelegatedKey WithHeader(string name, JsonNode? value)
    {
        Header[name] = value;
        return this;
    }

    /// <summary>What is signed.</summary>
    public string Unsigned() => $"{Encode(JsonSerializer.SerializeToUtf8Bytes(Header))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(Payload))}";

    public string Sign() => SignText(Unsigned());

    public string SignText(string unsigned) => $"mkd-{unsigned}.{Encode(signer.SignData(Encoding.ASCII.GetBytes(unsigned), HashAlgorithmName.SHA256))}";
}
