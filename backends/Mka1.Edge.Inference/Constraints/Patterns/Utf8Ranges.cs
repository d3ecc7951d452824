using System.Text;

namespace Mka1.Edge.Inference.Constraints.Patterns;

/// <summary>Splits ranges of code points into products of byte ranges. Source: Russ Cox, "Regular Expression Matching in the Wild" (2010), UTF-8 section.</summary>
internal static class Utf8Ranges
{
    private static readonly int[] LastOfLength = [0x7F, 0x7FF, 0xFFFF, 0x10FFFF];

    /// <summary>Receives one product: byte i of the code point lies from <c>lows[i]</c> to <c>highs[i]</c>.</summary>
    public delegate void Product(ReadOnlySpan<byte> lows, ReadOnlySpan<byte> highs);

    /// <summary>All products of a range; surrogates, which UTF-8 does not have, are left out.</summary>
    public static void Split(int low, int high, Product product)
    {
        if (low > high)
            return;
        if (low <= 0xDFFF && high >= 0xD800)
        {
            Split(low, 0xD7FF, product);
            Split(0xE000, high, product);
            return;
        }
        foreach (var last in LastOfLength)
        {
            if (low <= last && high > last)
            {
                Split(low, last, product);
                Split(last + 1, high, product);
                return;
            }
        }
        for (var bits = 6; bits <= 18 && high > 0x7F; bits += 6)
        {
            var mask = (1 << bits) - 1;
            if ((low & ~mask) == (high & ~mask))
                continue;
            if ((low & mask) != 0)
            {
                Split(low, low | mask, product);
                Split((low | mask) + 1, high, product);
                return;
            }
            if ((high & mask) != mask)
            {
                Split(low, (high & ~mask) - 1, product);
                Split(high & ~mask, high, product);
                return;
            }
        }
        Span<byte> lows = stackalloc byte[4];
        Span<byte> highs = stackalloc byte[4];
        var length = new Rune(low).EncodeToUtf8(lows);
        new Rune(high).EncodeToUtf8(highs);
        product(lows[..length], highs[..length]);
    }
}
