using System.Globalization;
using System.Text;

namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>
/// What the model server answers: each delta is known from the seed, from how often the seed has been asked for, and from its
/// place. A byte lost, doubled, or from another run or another try is therefore seen.
/// </summary>
internal static class PacedText
{
    private static readonly string[] Words = ["river", "Straße", "naïve", "雨が降る", "سلام", "Ωmega", "🙂", "tab\tquote\"", "line\nbreak", "e\u0301"];

    public static string Delta(string seed, int call, int place)
    {
        var text = new StringBuilder();
        var state = (uint)((call * 7919) + (place * 104729));
        foreach (var c in seed) state = (state * 31) + c;
        text.Append(CultureInfo.InvariantCulture, $"[{seed}.{call}.{place}");
        for (var i = (state >> 8) % 4; i > 0; i--)
        {
            state = (state * 1664525) + 1013904223;
            text.Append(' ').Append(Words[(state >> 16) % Words.Length]);
        }

        return text.Append(']').ToString();
    }

    public static string Whole(string seed, int call, int deltas) => string.Concat(Enumerable.Range(0, deltas).Select(place => Delta(seed, call, place)));
}
