using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Kind 7: a web search.</summary>
public sealed class WebSearchCallItem() : ResponseItem(ItemTypes.WebSearchCall)
{
    /// <summary>search, open_page or find_in_page.</summary>
    public JsonElement? Action { get; init; }
}
