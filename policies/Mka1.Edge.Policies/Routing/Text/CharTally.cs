namespace Mka1.Edge.Policies.Routing.Text;

/// <summary>Counts over the characters of a prompt.</summary>
internal struct CharTally
{
    /// <summary>n·ln n.</summary>
    private static readonly float[] NLogN = [.. Enumerable.Range(0, TextScratch.Window + 1).Select(n => n == 0 ? 0f : (float)(n * System.Math.Log(n)))];

    private int _choiceStart;
    private int _firstChoice;

    public int Kept;
    public int Letters;
    public int OtherLetters;
    public int Upper;
    public int Digits;
    public int Symbols;
    public int Lines;
    public int Questions;
    public int Sentences;
    public int Math;
    public int Latex;
    public int Code;
    public int Parentheses;
    public int Quotes;
    public int Commas;
    public int Colons;
    public int Blanks;
    public int Currency;
    public int BeyondAscii;
    public int Choices;
    public int ChoiceChars;
    public bool EndsWithQuestion;
    public float Entropy;

    public void CountLetter(char c, char folded)
    {
        Letters++;
        if (folded > 127) OtherLetters++;
        else if (c is >= 'A' and <= 'Z') Upper++;
        EndsWithQuestion = false;
    }

    public void CountSymbol(char c, char next, char before)
    {
        Symbols++;
        switch (c)
        {
            case '.' or '!' or '۔':
                if (char.IsWhiteSpace(next)) Sentences++;
                break;
            case '?' or '؟':
                Questions++;
                Sentences++;
                EndsWithQuestion = true;
                break;
            case ',' or '،' or '؛':
                Commas++;
                break;
            case ':':
                Colons++;
                break;
            case '"' or '\'' or '“' or '”' or '‘' or '’' or '«' or '»':
                Quotes++;
                break;
            case '(' or ')':
                Parentheses++;
                break;
            case '$':
                if (char.IsAsciiDigit(next)) Currency++;
                else Latex++;
                break;
            case '%' or '€' or '£':
                Currency++;
                break;
            case '\\':
                Latex++;
                break;
            case '_':
                if (next == '_') Blanks++;
                else Code++;
                break;
            case '{' or '}' or '[' or ']' or ';' or '`' or '#' or '|':
                Code++;
                break;
            case '-' when char.IsLetter(before) && char.IsLetter(next):
                break;
            case '+' or '-' or '*' or '/' or '=' or '^' or '<' or '>' or '≤' or '≥' or '×' or '÷' or '√' or '∫' or '∑' or 'π':
                Math++;
                break;
        }
    }

    /// <summary>A line that begins as an answer to choose does: <c>A.</c> or <c>B)</c>.</summary>
    public void CountChoice(int at)
    {
        if (Choices++ == 0) _firstChoice = at;
        _choiceStart = at;
    }

    public void EndChoices(int end)
    {
        if (Choices > 0 && _choiceStart > 0) ChoiceChars = System.Math.Max(ChoiceChars, end - _firstChoice);
        _choiceStart = 0;
    }

    /// <summary>In nats, of the ASCII characters; sets the counts back to zero.</summary>
    public static float EntropyOf(short[] counts)
    {
        int all = 0;
        float sum = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            all += counts[i];
            sum += NLogN[counts[i]];
            counts[i] = 0;
        }

        return all == 0 ? 0 : (NLogN[all] - sum) / all;
    }
}
