using System.Globalization;
using System.Text;

namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>Cuts a template into tokens, with <c>trim_blocks</c> and <c>lstrip_blocks</c> on, as chat templates are rendered.</summary>
internal sealed class JinjaLexer
{
    private static readonly string[] Signs = ["**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{", "}", ",", ".", ":", "|"];

    private readonly string _source;
    private readonly List<JinjaToken> _tokens = [];
    private int _at;
    private int _line = 1;
    private bool _lineStarts = true;

    private JinjaLexer(string source)
    {
        var unix = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        _source = unix.EndsWith('\n') ? unix[..^1] : unix;
    }

    public static List<JinjaToken> Read(string source)
    {
        var lexer = new JinjaLexer(source);
        while (lexer._at < lexer._source.Length)
            lexer.ReadNext();
        lexer.Add(JinjaTokenKind.End, "");
        return lexer._tokens;
    }

    private void ReadNext()
    {
        var tag = NextTag(_at);
        var isData = tag < 0;
        var end = isData ? _source.Length : tag;
        var text = _source[_at..end];
        if (isData)
        {
            AddData(text);
            _at = end;
            return;
        }

        var kind = _source[tag + 1];
        var control = tag + 2 < _source.Length ? _source[tag + 2] : '\0';
        if (control == '-')
            AddData(text.TrimEnd(), text);
        else if (kind != '{' && control != '+' && StartsLine(text, out var kept))
            AddData(text[..kept], text);
        else
            AddData(text);
        _at = tag + (control is '-' or '+' ? 3 : 2);
        switch (kind)
        {
            case '#':
                var close = _source.IndexOf("#}", _at, StringComparison.Ordinal);
                if (close < 0)
                    throw Error("a comment has no end");
                CountLines(_source.AsSpan(_at, close - _at));
                var trims = close > _at && _source[close - 1] == '-';
                var keeps = close > _at && _source[close - 1] == '+';
                _at = close + 2;
                AfterTag(trims, trimsLine: !keeps);
                break;
            case '{':
                ReadCode(JinjaTokenKind.PrintStart, "}}", JinjaTokenKind.PrintEnd);
                break;
            default:
                ReadCode(JinjaTokenKind.BlockStart, "%}", JinjaTokenKind.BlockEnd);
                ReadRaw();
                break;
        }
    }

    private int NextTag(int from)
    {
        for (var at = _source.IndexOf('{', from); at >= 0 && at + 1 < _source.Length; at = _source.IndexOf('{', at + 1))
        {
            if (_source[at + 1] is '{' or '%' or '#')
                return at;
        }
        return -1;
    }

    // Whether only white space stands between the start of the line and the tag.
    private bool StartsLine(string text, out int kept)
    {
        kept = text.LastIndexOf('\n') + 1;
        return (kept > 0 || _lineStarts) && text.AsSpan(kept).IsWhiteSpace();
    }

    private void ReadCode(JinjaTokenKind start, string close, JinjaTokenKind end)
    {
        Add(start, "");
        var depth = 0;
        while (true)
        {
            SkipSpace();
            if (_at >= _source.Length)
                throw Error($"'{close}' is missing");
            var rest = _source.AsSpan(_at);
            if (depth == 0 && rest[0] is '-' or '+' && rest[1..].StartsWith(close, StringComparison.Ordinal))
            {
                var trims = rest[0] == '-';
                _at += 3;
                Add(end, "");
                AfterTag(trims, trimsLine: false);
                return;
            }
            if (depth == 0 && rest.StartsWith(close, StringComparison.Ordinal))
            {
                _at += 2;
                Add(end, "");
                AfterTag(trims: false, trimsLine: end == JinjaTokenKind.BlockEnd);
                return;
            }
            depth += rest[0] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
            ReadToken(rest);
        }
    }

    private void AfterTag(bool trims, bool trimsLine)
    {
        var from = _at;
        if (trims)
        {
            while (_at < _source.Length && char.IsWhiteSpace(_source[_at]))
                _at++;
        }
        else if (trimsLine && _at < _source.Length && _source[_at] == '\n')
        {
            _at++;
        }
        CountLines(_source.AsSpan(from, _at - from));
        _lineStarts = _at > from && _source[_at - 1] == '\n';
    }

    private void ReadToken(ReadOnlySpan<char> rest)
    {
        if (char.IsLetter(rest[0]) || rest[0] == '_')
        {
            var length = 1;
            while (length < rest.Length && (char.IsLetterOrDigit(rest[length]) || rest[length] == '_'))
                length++;
            Take(JinjaTokenKind.Name, length);
        }
        else if (char.IsAsciiDigit(rest[0]))
        {
            ReadNumber(rest);
        }
        else if (rest[0] is '"' or '\'')
        {
            ReadString(rest[0]);
        }
        else
        {
            foreach (var sign in Signs)
            {
                if (rest.StartsWith(sign, StringComparison.Ordinal))
                {
                    Take(JinjaTokenKind.Sign, sign.Length);
                    return;
                }
            }
            throw Error($"'{rest[0]}' is not part of the language");
        }
    }

    private void ReadNumber(ReadOnlySpan<char> rest)
    {
        var length = Digits(rest, 0);
        var kind = JinjaTokenKind.Integer;
        if (length + 1 < rest.Length && rest[length] == '.' && char.IsAsciiDigit(rest[length + 1]))
            (kind, length) = (JinjaTokenKind.Float, Digits(rest, length + 1));
        if (length + 1 < rest.Length && rest[length] is 'e' or 'E' && (char.IsAsciiDigit(rest[length + 1]) || rest[length + 1] is '-' or '+'))
            (kind, length) = (JinjaTokenKind.Float, Digits(rest, length + 2));
        Take(kind, length);
    }

    private static int Digits(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length && (char.IsAsciiDigit(text[from]) || text[from] == '_'))
            from++;
        return from;
    }

    private void ReadString(char quote)
    {
        var value = new StringBuilder();
        var start = _line;
        for (_at++; _at < _source.Length && _source[_at] != quote; _at++)
        {
            if (_source[_at] == '\n')
                _line++;
            if (_source[_at] != '\\' || _at + 1 >= _source.Length)
                value.Append(_source[_at]);
            else
                ReadEscape(value);
        }
        if (_at >= _source.Length)
            throw Error("a string has no end");
        _at++;
        _tokens.Add(new JinjaToken(JinjaTokenKind.String, value.ToString(), start));
    }

    private void ReadEscape(StringBuilder value)
    {
        var digits = _source[++_at] switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0 && _at + digits < _source.Length && int.TryParse(_source.AsSpan(_at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && Rune.IsValid(code))
        {
            value.Append(new Rune(code).ToString());
            _at += digits;
            return;
        }
        value.Append(_source[_at] switch
        {
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'b' => "\b",
            'f' => "\f",
            'v' => "\v",
            'a' => "\a",
            '\n' => "",
            '\\' or '\'' or '"' => _source[_at].ToString(),
            var other => "\\" + other,
        });
    }

    // After {% raw %}, all is text until {% endraw %}.
    private void ReadRaw()
    {
        if (_tokens is not [.., { Kind: JinjaTokenKind.BlockStart }, { Kind: JinjaTokenKind.Name, Text: "raw" }, { Kind: JinjaTokenKind.BlockEnd }])
            return;
        _tokens.RemoveRange(_tokens.Count - 3, 3);
        for (var at = NextTag(_at); at >= 0; at = NextTag(at + 2))
        {
            var inner = _source.AsSpan(at + 2).TrimStart("-+").TrimStart();
            if (_source[at + 1] != '%' || !inner.StartsWith("endraw", StringComparison.Ordinal))
                continue;
            var text = _source[_at..at];
            AddData(_source[at + 2] == '-' ? text.TrimEnd() : StartsLine(text, out var kept) ? text[..kept] : text, text);
            _at = _source.IndexOf("%}", at, StringComparison.Ordinal) is var close and > 0 ? close + 2 : throw Error("'%}' is missing");
            AfterTag(_source[_at - 3] == '-', trimsLine: true);
            return;
        }
        throw Error("'endraw' is missing");
    }

    private void SkipSpace()
    {
        for (; _at < _source.Length && char.IsWhiteSpace(_source[_at]); _at++)
        {
            if (_source[_at] == '\n')
                _line++;
        }
    }

    private void Take(JinjaTokenKind kind, int length)
    {
        Add(kind, _source.Substring(_at, length));
        _at += length;
    }

    private void AddData(string text, string? counted = null)
    {
        if (text.Length > 0)
            Add(JinjaTokenKind.Data, text);
        CountLines(counted ?? text);
    }

    private void CountLines(ReadOnlySpan<char> text) => _line += text.Count('\n');

    private void Add(JinjaTokenKind kind, string text) => _tokens.Add(new JinjaToken(kind, text, _line));

    private JinjaException Error(string problem) => new($"line {_line}: {problem}.");
}
