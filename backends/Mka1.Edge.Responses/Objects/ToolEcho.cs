using System.Runtime.InteropServices;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>
/// Makes the tools a response echoes: the members that clients require are filled in, and what lets one into an MCP
/// server is left out, so that it reaches neither the client's logs nor the store.
/// </summary>
internal static class ToolEcho
{
    private static readonly byte[] Null = "null"u8.ToArray();
    private static readonly byte[] Always = "\"always\""u8.ToArray();

    public static IReadOnlyList<ToolDefinition> WithDefaults(IReadOnlyList<ToolDefinition> tools) =>
        tools.Count == 0 ? tools : [.. tools.Select(WithDefaults)];

    private static ToolDefinition WithDefaults(ToolDefinition tool)
    {
        var edits = new List<JsonEdit>(3);
        switch (tool)
        {
            case FunctionTool:
                Fill(tool.Raw, edits, "description", Null);
                Fill(tool.Raw, edits, "parameters", Null);
                Fill(tool.Raw, edits, "strict", Null);
                break;
            case McpTool:
                edits.Add(JsonEdit.Remove("authorization"));
                edits.Add(JsonEdit.Remove("headers"));
                Fill(tool.Raw, edits, "require_approval", Always);
                break;
        }

        if (edits.Count == 0)
            return tool;
        var spliced = JsonSplice.Apply(JsonMarshal.GetRawUtf8Value(tool.Raw), CollectionsMarshal.AsSpan(edits));
        return tool with { Raw = JsonDocument.Parse(spliced).RootElement };
    }

    private static void Fill(JsonElement raw, List<JsonEdit> edits, string name, byte[] value)
    {
        if (!raw.TryGetProperty(name, out _))
            edits.Add(JsonEdit.Set(name, value));
    }
}
