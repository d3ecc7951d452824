namespace Mka1.Edge.Responses;

/// <summary>The conversation a response belongs to.</summary>
public sealed record ConversationReference(string Id);
