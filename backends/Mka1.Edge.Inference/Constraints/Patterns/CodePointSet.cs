using System.Globalization;

namespace Mka1.Edge.Inference.Constraints.Patterns;

/// <summary>A set of Unicode code points, as ranges in order that do not touch.</summary>
internal sealed class CodePointSet
{
    private const int Last = 0x10FFFF;

    private CodePointSet((int Low, int High)[] ranges) => Ranges = ranges;

    public static CodePointSet All { get; } = Of((0, Last));

    /// <summary><c>\d</c></summary>
    public static CodePointSet Digit { get; } = Of(('0', '9'));

    /// <summary><c>\w</c></summary>
    public static CodePointSet Word { get; } = Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));

    /// <summary><c>\s</c>: white space and line terminators of ECMA-262.</summary>
    public static CodePointSet Space { get; } = Of(
        (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF));

    /// <summary><c>.</c>: all but line terminators.</summary>
    public static CodePointSet Dot { get; } = Of((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)).Complement();

    public (int Low, int High)[] Ranges { get; }

    public static CodePointSet Single(int codePoint) => new([(codePoint, codePoint)]);

    /// <summary>The ranges joined, in whatever order they come.</summary>
    public static CodePointSet Of(params IEnumerable<(int Low, int High)> ranges)
    {
        var joined = new List<(int Low, int High)>();
        foreach (var (low, high) in ranges.OrderBy(range => range.Low))
        {
            if (joined.Count > 0 && low <= joined[^1].High + 1)
                joined[^1] = (joined[^1].Low, Math.Max(joined[^1].High, high));
            else
                joined.Add((low, high));
        }
        return new([.. joined]);
    }

    /// <summary>The code points of these general categories.</summary>
    public static CodePointSet OfCategories(HashSet<UnicodeCategory> categories)
    {
        var ranges = new List<(int Low, int High)>();
        for (var codePoint = 0; codePoint <= Last; codePoint++)
        {
            if (!categories.Contains(CharUnicodeInfo.GetUnicodeCategory(codePoint)))
                continue;
            if (ranges.Count > 0 && ranges[^1].High == codePoint - 1)
                ranges[^1] = (ranges[^1].Low, codePoint);
            else
                ranges.Add((codePoint, codePoint));
        }
        return new([.. ranges]);
    }

    public CodePointSet Complement()
    {
        var ranges = new List<(int, int)>();
        var next = 0;
        foreach (var (low, high) in Ranges)
        {
            if (low > next)
                ranges.Add((next, low - 1));
            next = high + 1;
        }
        if (next <= Last)
            ranges.Add((next, Last));
        return new([.. ranges]);
    }
}
