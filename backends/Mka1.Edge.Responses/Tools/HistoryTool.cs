namespace Mka1.Edge.Responses;

/// <summary>Named by MKA1 without a description of its fields.</summary>
public sealed record HistoryTool : ToolDefinition
{
    public override string Type => ToolTypes.History;
}
