namespace Mka1.Edge.Inference.Chat;

/// <summary>One turn of a conversation.</summary>
public abstract record ChatTurn
{
    private ChatTurn() { }

    /// <summary>What the assistant thought before this turn of its; shown where the model's template has a place for it (<c>reasoning_content</c>).</summary>
    public string? Thought { get; init; }

    /// <summary>Somebody says something.</summary>
    public sealed record Message(ChatRole Role, string Text) : ChatTurn;

    /// <summary>The assistant called a function. <paramref name="ArgumentsJson"/> that is no JSON is shown to the model as a JSON string.</summary>
    public sealed record ToolCall(string Name, string ArgumentsJson) : ChatTurn;

    /// <summary>What a function returned.</summary>
    public sealed record ToolResult(string Text) : ChatTurn;
}
