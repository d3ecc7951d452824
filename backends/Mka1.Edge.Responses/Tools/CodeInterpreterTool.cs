namespace Mka1.Edge.Responses;

public sealed record CodeInterpreterTool : ToolDefinition
{
    public override string Type => ToolTypes.CodeInterpreter;
}
