using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>A way to write an id.</summary>
/// <param name="Name">For reports.</param>
/// <param name="Change">Makes another id of it; itself when it is the same id in other characters.</param>
/// <param name="IsSame">Whether it still names the object.</param>
/// <param name="IsEncoded">Whether its characters are written as escapes.</param>
public sealed record IdShape(string Name, Func<string, string> Change, bool IsSame = false, bool IsEncoded = false)
{
    public static readonly IdShape AsReturned = new("as returned", id => id, IsSame: true);

    public static readonly IdShape Encoded = new("encoded", id => id, IsSame: true, IsEncoded: true);

    public static readonly IReadOnlyList<IdShape> All =
    [
        AsReturned,
        Encoded,
        new("upper case", id => Prefix(id) + id[Prefix(id).Length..].ToUpperInvariant()),
        new("all in upper case", id => id.ToUpperInvariant()),
        new("neighbour", id => id[..^1] + (id[^1] == '0' ? '1' : '0')),
        new("truncated", id => id[..^1]),
        new("with a suffix", id => id + "0"),
        new("random", id => Prefix(id) + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..32]),
    ];

    /// <summary>As part of an address.</summary>
    public string InAddress(string id) => Write(id, c => string.Create(CultureInfo.InvariantCulture, $"%{(int)c:X2}"));

    /// <summary>As part of a JSON string.</summary>
    public string InJson(string id) => Write(id, c => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"));

    public override string ToString() => Name;

    private static string Prefix(string id) => id[..(id.IndexOf('_', StringComparison.Ordinal) + 1)];

    private string Write(string id, Func<char, string> escape) => IsEncoded ? string.Concat(Change(id).Select(escape)) : Change(id);
}
