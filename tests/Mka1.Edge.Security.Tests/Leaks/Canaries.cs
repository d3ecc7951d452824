using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Mka1.Edge.Security.Tests.Leaks;

/// <summary>Strings that stand nowhere else, and the search for them.</summary>
internal sealed class Canaries
{
    private const int Length = 24;

    private readonly ConcurrentDictionary<string, (CanaryKind Kind, byte[][] Forms)> _all = new(StringComparer.Ordinal);

    public int Count => _all.Count;

    /// <summary>A new one.</summary>
    public string Of(CanaryKind kind) => Take(kind, "cnry" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", Length));

    /// <summary>One that is made elsewhere, such as a key.</summary>
    public string Take(CanaryKind kind, string text)
    {
        _all[text] = (kind, [.. Forms(text)]);
        return text;
    }

    /// <summary>The kinds that some bytes hold, as they are, as hexadecimal digits or as base64.</summary>
    public IEnumerable<(CanaryKind Kind, string Text)> In(ReadOnlyMemory<byte> content)
    {
        foreach (var (text, (kind, forms)) in _all)
        {
            if (forms.Any(form => content.Span.IndexOf(form) >= 0)) yield return (kind, text);
        }
    }

    /// <summary>The kinds that some text holds.</summary>
    public IEnumerable<(CanaryKind Kind, string Text)> In(string content) => In(Encoding.UTF8.GetBytes(content));

    private static IEnumerable<byte[]> Forms(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        yield return bytes;
        yield return Encoding.UTF8.GetBytes(Convert.ToHexStringLower(bytes));
        yield return Encoding.UTF8.GetBytes(Convert.ToHexString(bytes));

        // In base64, three texts, by where the first byte falls; the characters at both ends depend on what stands beside them.
        for (var before = 0; before < 3; before++)
        {
            var encoded = Convert.ToBase64String([.. new byte[before], .. bytes]).TrimEnd('=');
            yield return Encoding.UTF8.GetBytes(encoded[4..^4]);
        }
    }
}
