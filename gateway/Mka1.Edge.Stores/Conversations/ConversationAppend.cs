namespace Mka1.Edge.Stores.Conversations;

/// <summary>Items to put at the end of a conversation, together and in this order.</summary>
/// <param name="ConversationId">The conversation.</param>
/// <param name="ResponseId">The response they come from; null when a client added them.</param>
/// <param name="Items">The items.</param>
public sealed record ConversationAppend(string ConversationId, string? ResponseId, IReadOnlyList<ConversationItem> Items);
