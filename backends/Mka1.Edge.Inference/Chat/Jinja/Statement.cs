namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>A statement of a template.</summary>
internal abstract record Statement
{
    private Statement() { }

    /// <summary>Text outside tags.</summary>
    public sealed record Text(MarkedText Value) : Statement;

    /// <summary><c>{{ a }}</c></summary>
    public sealed record Print(Expression Value) : Statement;

    /// <summary>An if with its elifs, the else with a null condition.</summary>
    public sealed record If(IReadOnlyList<(Expression? Condition, IReadOnlyList<Statement> Body)> Branches) : Statement;

    /// <summary>A loop; <paramref name="Else"/> runs when there was nothing to loop over.</summary>
    public sealed record For(IReadOnlyList<string> Names, Expression Source, Expression? Condition, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Else) : Statement;

    /// <summary><c>{% set a, b = c %}</c></summary>
    public sealed record Set(IReadOnlyList<string> Names, Expression Value) : Statement;

    /// <summary><c>{% set a.b = c %}</c></summary>
    public sealed record SetMember(string Target, string Id, Expression Value) : Statement;

    /// <summary><c>{% set a %}…{% endset %}</c></summary>
    public sealed record Capture(string Name, IReadOnlyList<Statement> Body) : Statement;

    /// <summary>A macro.</summary>
    public sealed record Macro(string Name, IReadOnlyList<(string Id, Expression? Default)> Parameters, IReadOnlyList<Statement> Body) : Statement;

    /// <summary>Statements that only stand together.</summary>
    public sealed record Group(IReadOnlyList<Statement> Body) : Statement;

    /// <summary><c>{% break %}</c></summary>
    public sealed record Break : Statement;

    /// <summary><c>{% continue %}</c></summary>
    public sealed record Continue : Statement;
}
