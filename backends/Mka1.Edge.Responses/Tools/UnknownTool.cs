namespace Mka1.Edge.Responses;

/// <summary>A type this version does not know; routing decides whether anything can serve it.</summary>
public sealed record UnknownTool(string Kind) : ToolDefinition
{
    public override string Type => Kind;
}
