using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mka1.Edge.Policies.Routing.Text;

/// <summary>Turns a prompt into features: the first and the last characters, two blocks of hashed counts, and the dense features.</summary>
/// <remarks>Two passes over at most <see cref="TextScratch.Window"/> characters, so the time has a bound whatever the length.</remarks>
internal ref struct FeatureReader
{
    private const char Boundary = ' ';

    private readonly TextScratch _scratch;
    private readonly int _length;
    private CharTally _chars;
    private WordTally _words;
    private int _wordBuckets;
    private int _gramBuckets;

    private FeatureReader(TextScratch scratch, int length)
    {
        _scratch = scratch;
        _length = length;
    }

    /// <summary>Fills <paramref name="scratch"/>. Whoever reads its counts sets them back to zero.</summary>
    public static TextTraits Read(ReadOnlySpan<char> prompt, TextScratch scratch)
    {
        var reader = new FeatureReader(scratch, prompt.Length);
        reader.ReadChars(prompt);
        reader.ReadWords();
        scratch.WordBucketCount = reader._wordBuckets;
        scratch.GramBucketCount = reader._gramBuckets;
        DenseFeatures.Fill(scratch.Dense, prompt.Length, in reader._chars, in reader._words);
        var words = reader._words;
        return new TextTraits(
            prompt.Length, words.Words, words.Classes, reader.IsFamiliar(),
            Choices: reader._chars.Choices >= 3,
            Computes: words.Code > 0 || (words.Numbers >= 2 && words.Arithmetic > 0));
    }

    private void ReadChars(ReadOnlySpan<char> prompt)
    {
        if (prompt.Length <= 2 * TextScratch.Half)
        {
            ReadPart(prompt);
        }
        else
        {
            ReadPart(prompt[..TextScratch.Half]);
            Append('\n', CharKind.Space);
            ReadPart(prompt[^TextScratch.Half..]);
        }

        _chars.Entropy = CharTally.EntropyOf(_scratch.CharCounts);
    }

    private void ReadPart(ReadOnlySpan<char> part)
    {
        var lineStart = true;
        for (var i = 0; i < part.Length; i++)
        {
            var c = part[i];
            if (char.IsAsciiLetterLower(c))
            {
                // Most characters of a usual text need no more than this.
                _chars.Letters++;
                _chars.EndsWithQuestion = false;
                _scratch.CharCounts[c]++;
                lineStart = false;
                Append(c, CharKind.Letter);
                continue;
            }

            var kind = CharTables.Kinds[c];
            if (kind == CharKind.Mark) continue;
            var folded = CharTables.Folded[c];
            var next = i + 1 < part.Length ? part[i + 1] : '\n';
            if (kind == CharKind.Symbol) _chars.CountSymbol(c, next, i > 0 ? part[i - 1] : ' ');
            else if (kind == CharKind.Letter) _chars.CountLetter(c, folded);
            else if (kind == CharKind.Digit) _chars.Digits++;
            if (c == '\n') _chars.Lines++;
            if (lineStart && c is >= 'A' and <= 'J' && next is '.' or ')' or ':') _chars.CountChoice(i);
            lineStart = c == '\n' || (lineStart && c is ' ' or '(');
            if (c < 128) _scratch.CharCounts[folded]++;
            else _chars.BeyondAscii++;
            Append(kind == CharKind.Letter && c != folded && char.IsUpper(c) ? char.ToUpperInvariant(folded) : folded, kind);
        }

        _chars.EndChoices(part.Length);
    }

    private void Append(char c, CharKind kind)
    {
        _scratch.Kinds[_chars.Kept++] = kind;
        _scratch.Folded[_chars.Kept] = c;
    }

    private void ReadWords()
    {
        var kinds = _scratch.Kinds.AsSpan(0, _chars.Kept);
        uint previous = 0;
        var sentenceStart = true;
        for (var i = 0; i < kinds.Length;)
        {
            // Folded begins one further on: what stands before the first character is an end as well.
            switch (kinds[i])
            {
                case CharKind.Space:
                    i++;
                    continue;
                case CharKind.Letter or CharKind.Digit:
                    var start = i;
                    while (i < kinds.Length && kinds[i] is CharKind.Letter or CharKind.Digit) i++;
                    previous = ReadWord(start + 1, i + 1, previous, sentenceStart);
                    sentenceStart = false;
                    continue;
                default:
                    var symbol = _scratch.Folded[++i];
                    if (symbol is '.' or '?' or '!' or ':' or '۔' or '؟') sentenceStart = true;
                    previous = CountWord(TextHash.Step(TextHash.Seed, symbol), previous, distinct: false);
                    continue;
            }
        }
    }

    private uint ReadWord(int start, int end, uint previous, bool sentenceStart)
    {
        var folded = _scratch.Folded;
        var hash = TextHash.Seed;
        var first = folded[start];
        var upper = first is >= 'A' and <= 'Z';
        for (var i = start; i < end; i++)
        {
            var c = folded[i];
            if (!char.IsAsciiLetterLower(c) && char.IsUpper(c)) folded[i] = c = char.ToLowerInvariant(c);
            hash = TextHash.Step(hash, c);
        }

        CountGrams(start, end);
        _words.Count(end - start, first, upper && !sentenceStart, Lexicon.Find(hash));
        if (previous != 0) _words.CountPair(Lexicon.Find(TextHash.Pair(previous, hash)));
        return CountWord(hash, previous, distinct: true);
    }

    private uint CountWord(uint hash, uint previous, bool distinct)
    {
        if (AddWord(TextHash.Mix(hash)) && distinct) _words.Distinct++;
        if (previous != 0) AddWord(TextHash.Mix(TextHash.Pair(previous, hash)));
        return hash;
    }

    /// <summary>Runs of 3 to 5 characters, the word's two ends counting as one each.</summary>
    private void CountGrams(int start, int end)
    {
        // Ends stand in the text itself while the word is read, so that the loop need not ask where it is.
        ref var before = ref _scratch.Folded[start - 1];
        ref var after = ref _scratch.Folded[end];
        var (wasBefore, wasAfter) = (before, after);
        before = after = Boundary;
        ref var c = ref before;
        var count = _gramBuckets;
        var runs = end - start;
        for (; runs >= 3; runs--, c = ref Unsafe.Add(ref c, 1))
        {
            var hash = Three(ref c);
            AddGram(hash, ref count);
            AddGram(hash = TextHash.Step(hash, Unsafe.Add(ref c, 3)), ref count);
            AddGram(TextHash.Step(hash, Unsafe.Add(ref c, 4)), ref count);
        }

        if (runs == 2)
        {
            var hash = Three(ref c);
            AddGram(hash, ref count);
            AddGram(TextHash.Step(hash, Unsafe.Add(ref c, 3)), ref count);
            c = ref Unsafe.Add(ref c, 1);
        }

        AddGram(Three(ref c), ref count);
        _gramBuckets = count;
        (before, after) = (wasBefore, wasAfter);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Three(ref char c) =>
        TextHash.Step(TextHash.Step(TextHash.Step(TextHash.Seed, c), Unsafe.Add(ref c, 1)), Unsafe.Add(ref c, 2));

    /// <summary>Without a branch: whether a bucket is new cannot be foretold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void AddGram(uint hash, ref int count)
    {
        var mixed = TextHash.Mix(hash);
        var bucket = TextScratch.Buckets + (int)(mixed & (TextScratch.Buckets - 1));
        ref var counter = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_scratch.Counts), bucket);
        var was = counter;
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_scratch.GramBuckets), count) = bucket;
        count += was == 0 ? 1 : 0;
        counter = (short)(was + 1 - (int)((mixed >> 31) << 1));
    }

    /// <returns>Whether the bucket was empty.</returns>
    private bool AddWord(uint mixed)
    {
        var bucket = (int)(mixed & (TextScratch.Buckets - 1));
        ref var counter = ref _scratch.Counts[bucket];
        var empty = counter == 0;
        if (empty) _scratch.WordBuckets[_wordBuckets++] = bucket;
        counter += (short)(1 - (int)((mixed >> 31) << 1));
        return empty;
    }

    /// <summary>English, or no language at all, such as code; few words say nothing about the language.</summary>
    private readonly bool IsFamiliar() =>
        _chars.OtherLetters * 5 <= _chars.Letters && _words.Foreign <= Math.Max(_words.English, 1);
}
