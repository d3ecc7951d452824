namespace Mka1.Edge.Responses;

public sealed record LocalShellTool : ToolDefinition
{
    public override string Type => ToolTypes.LocalShell;
}
