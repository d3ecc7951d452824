namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>An expression of a template.</summary>
internal abstract record Expression
{
    private Expression() { }

    /// <summary>A value as it stands.</summary>
    public sealed record Literal(object? Value) : Expression;

    /// <summary>A variable.</summary>
    public sealed record Name(string Id) : Expression;

    /// <summary><c>[a, b]</c> or <c>(a, b)</c></summary>
    public sealed record Sequence(IReadOnlyList<Expression> Items) : Expression;

    /// <summary><c>{a: b}</c></summary>
    public sealed record Map(IReadOnlyList<(Expression Key, Expression Value)> Entries) : Expression;

    /// <summary><c>a.b</c></summary>
    public sealed record Attribute(Expression Target, string Id) : Expression;

    /// <summary><c>a[b]</c></summary>
    public sealed record Item(Expression Target, Expression Key) : Expression;

    /// <summary><c>a[b:c:d]</c></summary>
    public sealed record Slice(Expression Target, Expression? Start, Expression? Stop, Expression? Step) : Expression;

    /// <summary><c>a(b, c=d)</c></summary>
    public sealed record Call(Expression Target, ArgumentList Arguments) : Expression;

    /// <summary><c>a | f(b)</c></summary>
    public sealed record Filter(Expression Target, string Id, ArgumentList Arguments) : Expression;

    /// <summary><c>a is f(b)</c></summary>
    public sealed record Test(Expression Target, string Id, ArgumentList Arguments) : Expression;

    /// <summary><c>not a</c>, <c>-a</c>, <c>+a</c></summary>
    public sealed record Unary(string Sign, Expression Operand) : Expression;

    /// <summary>Two operands and a sign between them.</summary>
    public sealed record Binary(string Sign, Expression Left, Expression Right) : Expression;

    /// <summary><c>a &lt; b &lt; c</c></summary>
    public sealed record Comparison(Expression First, IReadOnlyList<(string Sign, Expression Right)> Rest) : Expression;

    /// <summary><c>a if b else c</c></summary>
    public sealed record Choice(Expression Condition, Expression Then, Expression? Else) : Expression;

    /// <summary>What a call is given.</summary>
    public sealed record ArgumentList(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Id, Expression Value)> Named)
    {
        public static ArgumentList None { get; } = new([], []);
    }
}
