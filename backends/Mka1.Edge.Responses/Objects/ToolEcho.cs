namespace Mka1.Edge.Responses;

internal static class ToolEcho
{
    public static IReadOnlyList<ToolDefinition> WithDefaults(IReadOnlyList<ToolDefinition> tools) => tools;
}
