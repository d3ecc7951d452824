namespace Mka1.Edge.Policies.Routing.Text;

/// <summary>Finds the classes of a word by its hash.</summary>
internal static class Lexicon
{
    private const int Slots = 4096;

    private static readonly uint[] Keys = new uint[Slots];
    private static readonly WordClasses[] Values = new WordClasses[Slots];

    static Lexicon()
    {
        foreach (var (kind, words) in LexiconWords.All)
        {
            foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries)) Add(HashOf(word), kind);
        }
    }

    /// <summary>Classes of the word, or pair of words, with this hash.</summary>
    public static WordClasses Find(uint hash)
    {
        for (var slot = Slot(hash); Keys[slot] != 0; slot = (slot + 1) & (Slots - 1))
        {
            if (Keys[slot] == hash) return Values[slot];
        }

        return WordClasses.None;
    }

    private static void Add(uint hash, WordClasses kind)
    {
        var slot = Slot(hash);
        while (Keys[slot] != 0 && Keys[slot] != hash) slot = (slot + 1) & (Slots - 1);
        Keys[slot] = hash;
        Values[slot] |= kind;
    }

    private static int Slot(uint hash) => (int)((hash ^ (hash >> 13)) & (Slots - 1));

    private static uint HashOf(string word)
    {
        var parts = word.Split('_');
        var hash = HashOfOne(parts[0]);
        return parts.Length == 1 ? hash : TextHash.Pair(hash, HashOfOne(parts[1]));
    }

    private static uint HashOfOne(string word)
    {
        var hash = TextHash.Seed;
        foreach (var c in word)
        {
            if (CharTables.Kinds[c] is CharKind.Letter or CharKind.Digit) hash = TextHash.Step(hash, CharTables.Folded[c]);
        }

        return hash;
    }
}
