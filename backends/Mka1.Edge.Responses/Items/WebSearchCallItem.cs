using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Kind 7: a web search.</summary>
public sealed class WebSearchCallItem : ResponseItem
{
    public override string Type => ItemTypes.WebSearchCall;

    /// <summary>search, open_page or find_in_page.</summary>
    public JsonElement? Action { get; init; }
}
