namespace Mka1.Edge.Responses;

/// <summary>Kind 24: a summary of older turns that only the server can read.</summary>
public sealed class CompactionItem() : ResponseItem(ItemTypes.Compaction)
{
    public required JsonText EncryptedContent { get; init; }
}
