namespace Mka1.Edge.Responses;

/// <summary>Kinds 1 and 2: a turn of the conversation, sent as input or produced as output.</summary>
public sealed class MessageItem() : ResponseItem(ItemTypes.Message)
{
    public required MessageRole Role { get; init; }

    /// <summary>The parts; content sent as a string is one part, of the kind its role speaks in.</summary>
    public IReadOnlyList<ContentPart> Content { get; init; } = [];

    /// <summary><c>commentary</c> or <c>final_answer</c>, on assistant turns that carry it.</summary>
    public string? Phase { get; init; }
}
