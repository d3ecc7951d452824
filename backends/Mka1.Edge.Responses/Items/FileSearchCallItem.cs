using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Kind 4: a search in vector stores.</summary>
public sealed class FileSearchCallItem() : ResponseItem(ItemTypes.FileSearchCall)
{
    public IReadOnlyList<string> Queries { get; init; } = [];

    /// <summary>Array of hits, present when <c>include</c> asked for it.</summary>
    public JsonElement? Results { get; init; }
}
