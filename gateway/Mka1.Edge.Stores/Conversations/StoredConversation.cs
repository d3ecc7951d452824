using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Stores.Conversations;

/// <summary>A conversation as the store holds it, without its items.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="CreatedAt">Unix seconds.</param>
/// <param name="Metadata">JSON object of strings.</param>
public sealed record StoredConversation(string Id, Owner Owner, long CreatedAt, ReadOnlyMemory<byte> Metadata);
