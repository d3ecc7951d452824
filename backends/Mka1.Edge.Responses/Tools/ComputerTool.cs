namespace Mka1.Edge.Responses;

/// <summary><c>computer</c> or <c>computer_use_preview</c>.</summary>
public sealed record ComputerTool(string Kind) : ToolDefinition
{
    public override string Type => Kind;
}
