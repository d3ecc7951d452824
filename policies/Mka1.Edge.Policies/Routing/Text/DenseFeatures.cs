using System.Runtime.CompilerServices;

namespace Mka1.Edge.Policies.Routing.Text;

/// <summary>Puts the counts of a prompt into the form in which the weights expect them: logarithms of counts, and shares.</summary>
internal static class DenseFeatures
{
    private const int Most = 2048;

    private static readonly float[] Logs = [.. Enumerable.Range(0, Most).Select(n => (float)Math.Log(1 + n))];
    private static readonly float[] SignedLogs = [.. Enumerable.Range(-Most, 2 * Most).Select(n => (float)(Math.Sign(n) * Math.Log(1 + Math.Abs(n))))];

    /// <summary>ln(1 + n).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Log(int n) => (uint)n < Most ? Logs[n] : MathF.Log(1 + n);

    /// <summary>ln(1 + |n|) with the sign of n. No branch on the sign, which is as good as random and would be guessed wrong every other time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SignedLog(int n) => (uint)(n + Most) < 2 * Most ? SignedLogs[n + Most] : MathF.CopySign(MathF.Log(1 + Math.Abs(n)), n);

    public static void Fill(Span<float> dense, int length, in CharTally chars, in WordTally words)
    {
        float perChar = 1f / Math.Max(1, chars.Kept), perWord = 1f / Math.Max(1, words.Words), perLetter = 1f / Math.Max(1, chars.Letters);
        var sentences = Math.Max(1, chars.Sentences);
        dense[(int)DenseFeature.Length] = Log(length);
        dense[(int)DenseFeature.Words] = Log(words.Words);
        dense[(int)DenseFeature.WordLength] = words.Chars * perWord;
        dense[(int)DenseFeature.DigitShare] = chars.Digits * perChar;
        dense[(int)DenseFeature.Numbers] = Log(words.Numbers);
        dense[(int)DenseFeature.LongestNumber] = Log(words.LongestNumber);
        dense[(int)DenseFeature.UpperShare] = chars.Upper * perLetter;
        dense[(int)DenseFeature.SymbolShare] = chars.Symbols * perChar;
        dense[(int)DenseFeature.Lines] = Log(chars.Lines);
        dense[(int)DenseFeature.Questions] = Log(chars.Questions);
        dense[(int)DenseFeature.EndsWithQuestion] = chars.EndsWithQuestion ? 1 : 0;
        dense[(int)DenseFeature.MathSymbols] = Log(chars.Math);
        dense[(int)DenseFeature.Latex] = Log(chars.Latex);
        dense[(int)DenseFeature.CodeSymbols] = Log(chars.Code);
        dense[(int)DenseFeature.Parentheses] = Log(chars.Parentheses);
        dense[(int)DenseFeature.Choices] = Log(chars.Choices);
        dense[(int)DenseFeature.ChoiceLength] = Log(chars.ChoiceChars);
        dense[(int)DenseFeature.Negations] = Log(words.Negations);
        dense[(int)DenseFeature.Quantifiers] = Log(words.Quantifiers);
        dense[(int)DenseFeature.LogicWords] = Log(words.Logic);
        dense[(int)DenseFeature.Comparisons] = Log(words.Comparisons);
        dense[(int)DenseFeature.FactWords] = Log(words.Facts);
        dense[(int)DenseFeature.ReasonWords] = Log(words.Reasons);
        dense[(int)DenseFeature.ArithmeticWords] = Log(words.Arithmetic);
        dense[(int)DenseFeature.CodeWords] = Log(words.Code);
        dense[(int)DenseFeature.PersonWords] = Log(words.Persons);
        dense[(int)DenseFeature.SimpleTasks] = Log(words.Simple);
        dense[(int)DenseFeature.HardTasks] = Log(words.Hard);
        dense[(int)DenseFeature.Entropy] = chars.Entropy;
        dense[(int)DenseFeature.DistinctWords] = words.Distinct * perWord;
        dense[(int)DenseFeature.Sentences] = Log(chars.Sentences);
        dense[(int)DenseFeature.SentenceLength] = Log(words.Words / sentences);
        dense[(int)DenseFeature.Quotes] = Log(chars.Quotes);
        dense[(int)DenseFeature.Commas] = chars.Commas * perWord;
        dense[(int)DenseFeature.BeyondAscii] = chars.BeyondAscii * perChar;
        dense[(int)DenseFeature.LongWords] = words.Long * perWord;
        dense[(int)DenseFeature.Names] = words.Names * perWord;
        dense[(int)DenseFeature.Blanks] = Log(chars.Blanks);
        dense[(int)DenseFeature.Currency] = Log(chars.Currency);
        dense[(int)DenseFeature.EnglishWords] = words.English * perWord;
        dense[(int)DenseFeature.ForeignWords] = words.Foreign * perWord;
        dense[(int)DenseFeature.SingleLetters] = Log(words.SingleLetters);
        dense[(int)DenseFeature.Colons] = Log(chars.Colons);
        dense[(int)DenseFeature.StartsLower] = words.StartsLower ? 1 : 0;
    }
}
