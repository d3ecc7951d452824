namespace Mka1.Edge.Responses;

/// <summary><c>web_search</c> or <c>web_search_preview</c>, dated variants included.</summary>
public sealed record WebSearchTool(string Kind) : ToolDefinition
{
    public override string Type => Kind;

    /// <summary>low, medium or high; null means medium.</summary>
    public string? SearchContextSize { get; init; }
}
