using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mka1.Edge.Policies.Safety;

/// <summary>
/// Whom the safety ladder follows: a keyed hash of (tenant, identifier), its first 128 bits. The identifier itself is never kept,
/// and the same identifier in two tenants is two subjects.
/// </summary>
public readonly record struct SafetySubject(UInt128 Value)
{
    private const string IdPrefix = "subj_";
    private const int HashBytes = 16;
    private const int SmallText = 512;
    private const int MaxNumberBytes = 10;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The hash as 32 hexadecimal digits.</summary>
    public string Hash => Value.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>The name by which webhooks, the audit and the API know the subject: <c>subj_</c> and the hash.</summary>
    public string Id => IdPrefix + Hash;

    /// <summary>The subject of an <see cref="Id"/>; null for any other text.</summary>
    public static SafetySubject? OfId(string text)
    {
        if (text.Length != IdPrefix.Length + (HashBytes * 2) || !text.StartsWith(IdPrefix, StringComparison.Ordinal)) return null;
        var digits = text.AsSpan(IdPrefix.Length);
        return digits.ContainsAnyExcept(HexDigits) ? null : new SafetySubject(UInt128.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// The subject of a request: <c>safety_identifier</c>, else the end user, else the deprecated <c>user</c>;
    /// null when none was sent.
    /// </summary>
    public static SafetySubject? Of(ReadOnlySpan<byte> hashKey, string tenantId, string? safetyIdentifier, string? endUser, string? user)
    {
        // An empty name is no name: it must not hide the one behind it.
        var identifier = !string.IsNullOrEmpty(safetyIdentifier) ? safetyIdentifier : !string.IsNullOrEmpty(endUser) ? endUser : user;
        return string.IsNullOrEmpty(identifier) ? null : Of(hashKey, tenantId, identifier);
    }

    /// <summary>The subject of a known identifier, as an operator names it.</summary>
    public static SafetySubject Of(ReadOnlySpan<byte> hashKey, string tenantId, string identifier)
    {
        // The length keeps ("ab","c") and ("a","bc") apart.
        var most = MaxNumberBytes + 2 + Encoding.UTF8.GetMaxByteCount(tenantId.Length) + Encoding.UTF8.GetMaxByteCount(identifier.Length);
        var text = most <= SmallText ? stackalloc byte[SmallText] : new byte[most];
        tenantId.Length.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        text[length++] = (byte)':';
        length += Encoding.UTF8.GetBytes(tenantId, text[length..]);
        text[length++] = (byte)':';
        length += Encoding.UTF8.GetBytes(identifier, text[length..]);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(hashKey, text[..length], hash);
        return new SafetySubject(BinaryPrimitives.ReadUInt128BigEndian(hash));
    }
}
