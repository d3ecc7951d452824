namespace Mka1.Edge.Inference.Chat;

/// <summary>All that the model gets to read.</summary>
public sealed record ChatPrompt
{
    /// <summary>The first block of the prompt; none when null or empty.</summary>
    public string? Instructions { get; init; }

    /// <summary>The functions on offer, in the order shown to the model.</summary>
    public IReadOnlyList<ChatTool> Tools { get; init; } = [];

    /// <summary>Whether a model whose template asks (<c>enable_thinking</c>) thinks aloud before it answers.</summary>
    public bool Thinking { get; init; }

    /// <summary>The conversation so far, oldest first.</summary>
    public required IReadOnlyList<ChatTurn> Turns { get; init; }
}
