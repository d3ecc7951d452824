namespace Mka1.Edge.Responses;

public sealed record ShellTool : ToolDefinition
{
    public override string Type => ToolTypes.Shell;
}
