namespace Mka1.Edge.Responses;

/// <summary>One item in the form in which it is kept and listed.</summary>
/// <param name="Id">Its id: the one it came with, or a new one.</param>
/// <param name="Json">The item as a JSON object, id and type included.</param>
/// <param name="SearchText">What a search looks at; empty when the item holds no text.</param>
public sealed record StoredItem(string Id, ReadOnlyMemory<byte> Json, string SearchText);
