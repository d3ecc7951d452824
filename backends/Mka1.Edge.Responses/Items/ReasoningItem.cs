namespace Mka1.Edge.Responses;

/// <summary>Kind 10: the model's thinking.</summary>
public sealed class ReasoningItem() : ResponseItem(ItemTypes.Reasoning)
{
    /// <summary><see cref="SummaryTextPart"/>s.</summary>
    public IReadOnlyList<ContentPart> Summary { get; init; } = [];

    /// <summary><see cref="ReasoningTextPart"/>s, or null when the text is not shown.</summary>
    public IReadOnlyList<ContentPart>? Content { get; init; }

    /// <summary>Left out when null: one validator in use refuses a null here (contract.md D.1).</summary>
    public JsonText? EncryptedContent { get; init; }
}
