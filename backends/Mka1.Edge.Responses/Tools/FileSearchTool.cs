namespace Mka1.Edge.Responses;

public sealed record FileSearchTool : ToolDefinition
{
    public override string Type => ToolTypes.FileSearch;

    public required IReadOnlyList<string> VectorStoreIds { get; init; }

    public int? MaxNumResults { get; init; }
}
