namespace Mka1.Edge.Responses;

/// <summary>The body of <c>POST /conversations</c>.</summary>
/// <param name="Items">At most 20.</param>
/// <param name="Metadata">At most 16 pairs.</param>
public sealed record CreateConversationRequest(IReadOnlyList<StoredItem> Items, IReadOnlyDictionary<string, string> Metadata);
