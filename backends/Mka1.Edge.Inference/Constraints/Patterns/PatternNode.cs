namespace Mka1.Edge.Inference.Constraints.Patterns;

/// <summary>A parsed regular expression.</summary>
internal abstract record PatternNode
{
    private PatternNode() { }

    /// <summary>One code point out of a set.</summary>
    public sealed record Letter(CodePointSet Set) : PatternNode;

    /// <summary>One part after the other; none: the empty text.</summary>
    public sealed record Sequence(PatternNode[] Parts) : PatternNode;

    /// <summary>Any of several.</summary>
    public sealed record Either(PatternNode[] Options) : PatternNode;

    /// <summary>A part some times over.</summary>
    /// <param name="Part">What is repeated.</param>
    /// <param name="Min">How often at least.</param>
    /// <param name="Max">How often at most; null: no bound.</param>
    public sealed record Repeat(PatternNode Part, int Min, int? Max) : PatternNode;

    /// <summary>Nothing, at the start of the text only: <c>^</c></summary>
    public sealed record AtStart : PatternNode;

    /// <summary>Nothing, at the end of the text only: <c>$</c></summary>
    public sealed record AtEnd : PatternNode;
}
