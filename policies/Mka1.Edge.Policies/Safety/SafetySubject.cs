using System.Security.Cryptography;
using System.Text;

namespace Mka1.Edge.Policies.Safety;

/// <summary>
/// Whom the safety ladder follows: a keyed hash of (tenant, identifier). The identifier itself is never kept, and the same
/// identifier in two tenants is two subjects.
/// </summary>
public readonly record struct SafetySubject(string Hash)
{
    /// <summary>
    /// The subject of a request: <c>safety_identifier</c>, else the end user, else the deprecated <c>user</c>;
    /// null when none was sent.
    /// </summary>
    public static SafetySubject? Of(ReadOnlySpan<byte> hashKey, string tenantId, string? safetyIdentifier, string? endUser, string? user)
    {
        // An empty name is no name: it must not hide the one behind it.
        foreach (var identifier in (ReadOnlySpan<string?>)[safetyIdentifier, endUser, user])
        {
            if (!string.IsNullOrEmpty(identifier)) return Of(hashKey, tenantId, identifier);
        }

        return null;
    }

    /// <summary>The subject of a known identifier, as an operator names it in the configuration.</summary>
    public static SafetySubject Of(ReadOnlySpan<byte> hashKey, string tenantId, string identifier)
    {
        // The length keeps ("ab","c") and ("a","bc") apart.
        var text = Encoding.UTF8.GetBytes($"{tenantId.Length}:{tenantId}:{identifier}");
        return new SafetySubject(Convert.ToHexStringLower(HMACSHA256.HashData(hashKey, text)));
    }
}
