using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>Which tools the model may or must use (contract.md B.4).</summary>
[JsonConverter(typeof(ToolChoiceConverter))]
public abstract record ToolChoice
{
    private ToolChoice()
    {
    }

    /// <summary>What an absent <c>tool_choice</c> means.</summary>
    public static ToolChoice Auto { get; } = new Mode(ToolChoiceMode.Auto);

    /// <summary>The object as received; undefined for a mode. It is what the response echoes.</summary>
    public JsonElement Raw { get; init; }

    /// <summary>none, auto or required.</summary>
    public sealed record Mode(ToolChoiceMode Value) : ToolChoice;

    /// <summary>Exactly this function.</summary>
    public sealed record Function(string Name) : ToolChoice;

    /// <summary>Exactly this custom tool.</summary>
    public sealed record Custom(string Name) : ToolChoice;

    /// <summary>Exactly this hosted tool, by its type (<c>file_search</c>, <c>shell</c> and so on).</summary>
    public sealed record Hosted(string Type) : ToolChoice;

    /// <summary>A tool of this MCP server; any of them when <paramref name="Name"/> is null.</summary>
    public sealed record Mcp(string ServerLabel, string? Name) : ToolChoice;

    /// <summary>Only these of the declared tools. <paramref name="Value"/> is auto or required.</summary>
    public sealed record AllowedTools(ToolChoiceMode Value, IReadOnlyList<ToolSelector> Tools) : ToolChoice;
}
