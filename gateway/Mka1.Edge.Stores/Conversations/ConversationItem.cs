namespace Mka1.Edge.Stores.Conversations;

/// <summary>One item of a conversation.</summary>
/// <param name="Id">The item's id.</param>
/// <param name="Body">The item's JSON.</param>
/// <param name="SearchText">Its text, for searching; empty when it has none. A store may keep the words of it only.</param>
/// <param name="ResponseId">The response it came with; null when a client added it.</param>
public sealed record ConversationItem(string Id, ReadOnlyMemory<byte> Body, string SearchText, string? ResponseId = null);
