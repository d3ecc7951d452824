namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>Walks over the tokens of a template.</summary>
internal sealed class TokenReader(List<JinjaToken> tokens)
{
    // Deep enough for any real template; a chain of brackets must not end the process.
    private const int MaxDepth = 100;

    private int _at;
    private int _depth;

    public JinjaToken Current => tokens[_at];

    public JinjaToken Peek => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public JinjaToken Next() => tokens[_at < tokens.Count - 1 ? _at++ : _at];

    public bool Is(JinjaTokenKind kind, string text) => Current.Kind == kind && Current.Text == text;

    public bool IsSign(string sign) => Is(JinjaTokenKind.Sign, sign);

    public bool IsName(string name) => Is(JinjaTokenKind.Name, name);

    public bool TakeSign(string sign) => IsSign(sign) && Next() is var _;

    public bool TakeName(string name) => IsName(name) && Next() is var _;

    public JinjaToken Expect(JinjaTokenKind kind, string? text = null) =>
        Current.Kind == kind && (text is null || Current.Text == text) ? Next() : throw Error($"expected {text ?? kind.ToString()}, found {Describe(Current)}");

    /// <summary>Runs a part of the parser that may nest.</summary>
    public T Nested<T>(Func<T> parse)
    {
        if (++_depth > MaxDepth)
            throw Error("it nests too deeply");
        var result = parse();
        _depth--;
        return result;
    }

    public JinjaException Error(string problem) => new($"line {Current.Line}: {problem}.");

    private static string Describe(JinjaToken token) => token.Text.Length > 0 ? $"'{token.Text}'" : token.Kind.ToString();
}
