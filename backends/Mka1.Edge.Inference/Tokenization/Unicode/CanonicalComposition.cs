using System.Globalization;
using System.Text;

namespace Mka1.Edge.Inference.Tokenization.Unicode;

/// <summary>Unicode's normalization form C (UAX 15).</summary>
/// <remarks>Written out because <see cref="string.Normalize()"/> returns its input where globalization is invariant, as it is in this product.</remarks>
internal static class CanonicalComposition
{
    private const int HangulFirst = 0xAC00, LeadFirst = 0x1100, VowelFirst = 0x1161, TailFirst = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28, Syllables = Leads * Vowels * Tails;

    private static readonly Lazy<Data> Tables = new(Data.Read);

    /// <summary>The composed form; lone surrogates become U+FFFD.</summary>
    public static string Compose(string text)
    {
        // Below U+0300 nothing composes and nothing is out of order.
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', '\u02FF') < 0)
            return text;
        var runes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, runes);
        Order(runes);
        var result = new StringBuilder(text.Length);
        foreach (var rune in Join(runes))
            result.Append(new Rune(rune).ToString());
        return result.ToString();
    }

    private static void Decompose(int rune, List<int> result)
    {
        var syllable = rune - HangulFirst;
        if (syllable is >= 0 and < Syllables)
        {
            result.Add(LeadFirst + (syllable / (Vowels * Tails)));
            result.Add(VowelFirst + (syllable % (Vowels * Tails) / Tails));
            if (syllable % Tails != 0)
                result.Add(TailFirst + (syllable % Tails));
        }
        else if (Tables.Value.Decompositions.TryGetValue(rune, out var parts))
        {
            Decompose(parts.First, result);
            if (parts.Second != 0)
                Decompose(parts.Second, result);
        }
        else
        {
            result.Add(rune);
        }
    }

    // Marks of different classes may stand in any order: sorted by class, those of one class as they were.
    private static void Order(List<int> runes)
    {
        for (var start = 0; start < runes.Count; start++)
        {
            if (ClassOf(runes[start]) == 0)
                continue;
            var end = start + 1;
            while (end < runes.Count && ClassOf(runes[end]) != 0)
                end++;
            var sorted = runes.GetRange(start, end - start).OrderBy(ClassOf).ToArray();
            for (var i = 0; i < sorted.Length; i++)
                runes[start + i] = sorted[i];
            start = end;
        }
    }

    private static List<int> Join(List<int> runes)
    {
        var result = new List<int>(runes.Count);
        var starter = -1;
        var last = 0;
        foreach (var rune in runes)
        {
            var order = ClassOf(rune);
            // A mark is blocked from its starter by one before it of the same or a higher class.
            var blocked = starter < 0 || (result.Count - 1 > starter && last >= order);
            if (!blocked && Pair(result[starter], rune) is { } joined)
            {
                result[starter] = joined;
                continue;
            }
            if (order == 0)
                starter = result.Count;
            last = order;
            result.Add(rune);
        }
        return result;
    }

    private static int? Pair(int first, int second)
    {
        if (first - LeadFirst is >= 0 and < Leads && second - VowelFirst is >= 0 and < Vowels)
            return HangulFirst + ((((first - LeadFirst) * Vowels) + second - VowelFirst) * Tails);
        if (first - HangulFirst is >= 0 and < Syllables && (first - HangulFirst) % Tails == 0 && second - TailFirst is > 0 and < Tails)
            return first + second - TailFirst;
        return Tables.Value.Compositions.TryGetValue((first, second), out var joined) ? joined : null;
    }

    private static int ClassOf(int rune) => Tables.Value.Classes.GetValueOrDefault(rune);

    /// <summary>The tables of normalization.txt.</summary>
    private sealed record Data(Dictionary<int, (int First, int Second)> Decompositions, Dictionary<(int First, int Second), int> Compositions, Dictionary<int, int> Classes)
    {
        public static Data Read()
        {
            var data = new Data([], [], []);
            var never = new HashSet<int>();
            using var stream = typeof(Data).Assembly.GetManifestResourceStream("normalization.txt")!;
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
            {
                var words = line.Split(' ');
                switch (words[0])
                {
                    case "D":
                        data.Decompositions.Add(Hex(words[1]), (Hex(words[2]), words.Length > 3 ? Hex(words[3]) : 0));
                        break;
                    case "X":
                        never.Add(Hex(words[1]));
                        break;
                    case "C":
                        for (var rune = Hex(words[1]); rune <= Hex(words[2]); rune++)
                            data.Classes.Add(rune, int.Parse(words[3], CultureInfo.InvariantCulture));
                        break;
                }
            }
            foreach (var (rune, parts) in data.Decompositions)
            {
                if (parts.Second != 0 && !never.Contains(rune))
                    data.Compositions.Add(parts, rune);
            }
            return data;
        }

        private static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
