using System.Numerics;

namespace Mka1.Edge.Policies.Routing.Text;

/// <summary>Counts over the words of a prompt.</summary>
internal struct WordTally
{
    private const WordClasses ForeignClasses = WordClasses.Portuguese | WordClasses.RomanUrdu;
    private const int LongWord = 9;

    public int Words;
    public int Chars;
    public int Long;
    public int Distinct;
    public int Names;
    public int Numbers;
    public int LongestNumber;
    public int SingleLetters;
    public int English;
    public int Foreign;
    public int Negations;
    public int Quantifiers;
    public int Logic;
    public int Comparisons;
    public int Facts;
    public int Reasons;
    public int Arithmetic;
    public int Code;
    public int Persons;
    public int Simple;
    public int Hard;
    public bool StartsLower;
    public WordClasses Classes;

    public void Count(int length, char first, bool name, WordClasses classes)
    {
        if (Words++ == 0) StartsLower = char.IsAsciiLetterLower(first);
        Chars += length;
        if (first == '0')
        {
            Numbers++;
            LongestNumber = Math.Max(LongestNumber, length);
        }
        else
        {
            if (length >= LongWord) Long++;
            if (length == 1) SingleLetters++;
        }

        if (name) Names++;
        if (classes != WordClasses.None) CountClasses(classes);
    }

    public void CountPair(WordClasses classes)
    {
        classes &= WordClasses.Simple | WordClasses.Hard;
        if (classes != WordClasses.None) CountClasses(classes);
    }

    private void CountClasses(WordClasses classes)
    {
        Classes |= classes;

        // A word that both languages have says nothing about which one it is.
        if ((classes & WordClasses.English) != 0) English += (classes & ForeignClasses) == 0 ? 1 : 0;
        else Foreign += BitOperations.PopCount((uint)(classes & ForeignClasses)) > 0 ? 1 : 0;
        Negations += Is(classes, WordClasses.Negation);
        Quantifiers += Is(classes, WordClasses.Quantifier);
        Logic += Is(classes, WordClasses.Logic);
        Comparisons += Is(classes, WordClasses.Comparison);
        Facts += Is(classes, WordClasses.Fact);
        Reasons += Is(classes, WordClasses.Reason);
        Arithmetic += Is(classes, WordClasses.Arithmetic);
        Code += Is(classes, WordClasses.Code);
        Persons += Is(classes, WordClasses.Person);
        Simple += Is(classes, WordClasses.Simple);
        Hard += Is(classes, WordClasses.Hard);
    }

    private static int Is(WordClasses classes, WordClasses one) => (classes & one) != 0 ? 1 : 0;
}
