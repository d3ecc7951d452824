using System.Globalization;
using System.Text;

namespace Mka1.Edge.Inference.Constraints.Patterns;

/// <summary>Reads a regular expression of ECMA-262, as JSON Schema uses them.</summary>
/// <remarks>What needs more than an automaton (backreferences, lookaround, word boundaries, flags) is refused by name; lazy quantifiers match the same texts as greedy ones.</remarks>
internal sealed class PatternParser
{
    private const int MaxNesting = 100;
    private const int MaxLength = 10_000;
    private const int MaxRepeats = 10_000;

    private readonly int[] _letters;
    private int _at;
    private int _nesting;

    private PatternParser(string pattern) => _letters = [.. pattern.EnumerateRunes().Select(rune => rune.Value)];

    /// <exception cref="PatternException">The pattern is malformed or outside the subset.</exception>
    public static PatternNode Parse(string pattern)
    {
        if (pattern.Length > MaxLength)
            throw new PatternException($"it is longer than {MaxLength} characters");
        var parser = new PatternParser(pattern);
        var node = parser.Either();
        return parser._at == parser._letters.Length ? node : throw new PatternException("an unmatched ')'");
    }

    private int Next => _at < _letters.Length ? _letters[_at] : -1;

    private bool Take(char letter)
    {
        if (Next != letter)
            return false;
        _at++;
        return true;
    }

    private int TakeAny(string wanted) => _at < _letters.Length ? _letters[_at++] : throw new PatternException($"it ends where {wanted} is expected");

    private PatternNode Either()
    {
        if (++_nesting > MaxNesting)
            throw new PatternException($"groups are nested deeper than {MaxNesting}");
        var options = new List<PatternNode>();
        do
        {
            var parts = new List<PatternNode>();
            while (Next is not (-1 or '|' or ')'))
                parts.Add(Quantified());
            options.Add(parts.Count == 1 ? parts[0] : new PatternNode.Sequence([.. parts]));
        }
        while (Take('|'));
        _nesting--;
        return options.Count == 1 ? options[0] : new PatternNode.Either([.. options]);
    }

    private PatternNode Quantified()
    {
        var part = Atom();
        if (!TryQuantifier(out var min, out var max))
            return part;
        if (part is PatternNode.AtStart or PatternNode.AtEnd)
            throw new PatternException("an anchor cannot be repeated");
        Take('?');
        return new PatternNode.Repeat(part, min, max);
    }

    private bool TryQuantifier(out int min, out int? max)
    {
        (min, max) = (0, null);
        if (Take('*'))
            return true;
        if (Take('+'))
        {
            min = 1;
            return true;
        }
        if (Take('?'))
        {
            max = 1;
            return true;
        }
        return Next == '{' && TryBraces(out min, out max);
    }

    // A brace that begins no quantifier stands for itself.
    private bool TryBraces(out int min, out int? max)
    {
        var start = _at++;
        max = null;
        if (TryNumber(out min))
        {
            max = min;
            if (Take(','))
                max = TryNumber(out var high) ? high : null;
            if (Take('}'))
            {
                if (max < min)
                    throw new PatternException($"the quantifier {{{min},{max}}} is out of order");
                return true;
            }
        }
        _at = start;
        return false;
    }

    private bool TryNumber(out int number)
    {
        var start = _at;
        number = 0;
        while (Next is >= '0' and <= '9')
        {
            number = (number * 10) + (_letters[_at++] - '0');
            if (number > MaxRepeats)
                throw new PatternException($"a quantifier above {MaxRepeats}");
        }
        return _at > start;
    }

    private PatternNode Atom()
    {
        var letter = TakeAny("a character");
        switch (letter)
        {
            case '(':
                return Group();
            case '[':
                return new PatternNode.Letter(Class());
            case '.':
                return new PatternNode.Letter(CodePointSet.Dot);
            case '^':
                return new PatternNode.AtStart();
            case '$':
                return new PatternNode.AtEnd();
            case '\\' when Next is 'b' or 'B':
                throw new PatternException($"the word boundary '\\{(char)Next}' is not supported");
            case '\\' when Next is >= '1' and <= '9' or 'k':
                throw new PatternException($"the backreference '\\{(char)Next}' is not supported");
            case '\\':
                return new PatternNode.Letter(Escape(out _));
            case '*' or '+' or '?':
                throw new PatternException($"'{(char)letter}' has nothing to repeat");
            case '{':
                _at--;
                if (TryBraces(out _, out _))
                    throw new PatternException("a quantifier in braces has nothing to repeat");
                _at++;
                break;
        }
        return new PatternNode.Letter(Literal(letter));
    }

    private PatternNode Group()
    {
        if (Take('?'))
        {
            var kind = TakeAny("the kind of a group");
            if (kind is '=' or '!')
                throw new PatternException($"the lookahead '(?{(char)kind}' is not supported");
            if (kind == '<' && Next is '=' or '!')
                throw new PatternException($"the lookbehind '(?<{(char)Next}' is not supported");
            if (kind == '<')
            {
                while (TakeAny("the end of a group's name") != '>')
                {
                }
            }
            else if (kind != ':')
            {
                throw new PatternException($"the group '(?{new Rune(kind)}' is not supported");
            }
        }
        var inner = Either();
        return Take(')') ? inner : throw new PatternException("a '(' that is not closed");
    }

    private CodePointSet Class()
    {
        var negated = Take('^');
        var ranges = new List<(int Low, int High)>();
        while (!Take(']'))
        {
            var first = ClassAtom(out var low);
            if (Next == '-' && _at + 1 < _letters.Length && _letters[_at + 1] != ']')
            {
                _at++;
                var second = ClassAtom(out var high);
                if (low is { } from && high is { } to)
                {
                    if (from > to)
                        throw new PatternException("a range in a class is out of order");
                    ranges.Add((from, to));
                    continue;
                }
                ranges.Add(('-', '-'));
                ranges.AddRange(second.Ranges);
            }
            ranges.AddRange(first.Ranges);
        }
        var set = CodePointSet.Of(ranges);
        return negated ? set.Complement() : set;
    }

    private CodePointSet ClassAtom(out int? single)
    {
        var letter = TakeAny("the end of a class");
        if (letter == '\\')
        {
            if (!Take('b'))
                return Escape(out single);
            letter = '\b';
        }
        single = letter;
        return Literal(letter);
    }

    // After the backslash; single is set when it stands for one code point.
    private CodePointSet Escape(out int? single)
    {
        single = null;
        var letter = TakeAny("an escape");
        switch (letter)
        {
            case 'd':
                return CodePointSet.Digit;
            case 'D':
                return CodePointSet.Digit.Complement();
            case 'w':
                return CodePointSet.Word;
            case 'W':
                return CodePointSet.Word.Complement();
            case 's':
                return CodePointSet.Space;
            case 'S':
                return CodePointSet.Space.Complement();
            case 'p':
                return Property();
            case 'P':
                return Property().Complement();
        }
        single = letter switch
        {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'f' => '\f',
            'v' => '\v',
            '0' when Next is not (>= '0' and <= '9') => 0,
            'c' when Next is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') => _letters[_at++] & 31,
            'x' => Hex(2),
            'u' => UnicodeEscape(),
            _ when letter < 128 && char.IsAsciiLetterOrDigit((char)letter) => throw new PatternException($"the escape '\\{(char)letter}' is not supported"),
            _ => letter,
        };
        return Literal(single.Value);
    }

    private int UnicodeEscape()
    {
        if (Take('{'))
        {
            var value = 0;
            while (!Take('}'))
                value = Math.Min((value << 4) + HexDigit(), 0x110000);
            return value < 0x110000 ? value : throw new PatternException("a code point above 10FFFF");
        }
        var unit = Hex(4);
        if (!char.IsHighSurrogate((char)unit) || Next != '\\' || _at + 1 >= _letters.Length || _letters[_at + 1] != 'u')
            return unit;
        _at += 2;
        var low = Hex(4);
        return char.IsLowSurrogate((char)low) ? char.ConvertToUtf32((char)unit, (char)low) : throw new PatternException("half a surrogate pair");
    }

    private int Hex(int digits)
    {
        var value = 0;
        for (var i = 0; i < digits; i++)
            value = (value << 4) + HexDigit();
        return value;
    }

    private int HexDigit()
    {
        var letter = TakeAny("a hexadecimal digit");
        return letter < 128 && char.IsAsciiHexDigit((char)letter)
            ? int.Parse([(char)letter], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : throw new PatternException("an escape without its hexadecimal digits");
    }

    private CodePointSet Property()
    {
        var name = new StringBuilder();
        if (!Take('{'))
            throw new PatternException("'\\p' without a name in braces");
        for (var letter = TakeAny("the name of a property"); letter != '}'; letter = TakeAny("the name of a property"))
            name.Append(new Rune(letter));
        return UnicodeProperties.Find(name.ToString()) ?? throw new PatternException($"the property '\\p{{{name}}}' is not supported");
    }

    private static CodePointSet Literal(int letter) =>
        letter is >= 0xD800 and <= 0xDFFF ? throw new PatternException("half a surrogate pair") : CodePointSet.Single(letter);
}
