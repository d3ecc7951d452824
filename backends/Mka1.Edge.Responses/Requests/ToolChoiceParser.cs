using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Reads <c>tool_choice</c> (contract.md B.4) and checks that what it names is declared.</summary>
internal static class ToolChoiceParser
{
    private static readonly KnownNames Names = new("type", "name", "server_label", "mode", "tools");
    private static readonly string[] Modes = ["auto", "required"];

    public static ToolChoice Parse(FieldReader request, IReadOnlyList<ToolDefinition> tools)
    {
        if (request.Any("tool_choice"u8) is not { } value)
            return ToolChoice.Auto;
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return new ToolChoice.Mode(request.Enum<ToolChoiceMode>("tool_choice"u8) ?? ToolChoiceMode.Auto);
            case JsonValueKind.Object:
                break;
            default:
                request.WrongKind(value, "a string or an object");
                return ToolChoice.Auto;
        }

        Names.Check(value, request.Context.Faults);
        var choice = new FieldReader(value, request.Context);
        var type = choice.RequiredString("type"u8, 1, 64);
        if (type == "allowed_tools")
            return AllowedTools(choice, tools);
        var selector = Selector(type, choice, tools);
        return type switch
        {
            ToolTypes.Function => new ToolChoice.Function(selector.Name ?? string.Empty) { Raw = value },
            ToolTypes.Custom => new ToolChoice.Custom(selector.Name ?? string.Empty) { Raw = value },
            ToolTypes.Mcp => new ToolChoice.Mcp(selector.ServerLabel ?? string.Empty, selector.Name) { Raw = value },
            _ => new ToolChoice.Hosted(type) { Raw = value },
        };
    }

    private static ToolChoice.AllowedTools AllowedTools(FieldReader choice, IReadOnlyList<ToolDefinition> tools)
    {
        if (!choice.Has("mode"u8))
            choice.Missing("mode"u8);
        var required = choice.Word("mode"u8, Modes) == "required";
        var array = choice.Required("tools"u8, JsonValueKind.Array);
        var selectors = new List<ToolSelector>();
        if (array.ValueKind == JsonValueKind.Array)
        {
            if (array.GetArrayLength() is < 1 or > 128)
                choice.Context.Faults.Add(array, ErrorCode.InvalidValue, "must hold 1 to 128 tools");
            foreach (var entry in array.EnumerateArray().Take(128))
            {
                if (entry.ValueKind != JsonValueKind.Object)
                {
                    choice.WrongKind(entry, "an object");
                    break;
                }

                var field = new FieldReader(entry, choice.Context);
                selectors.Add(Selector(field.RequiredString("type"u8, 1, 64), field, tools));
            }
        }

        return new(required ? ToolChoiceMode.Required : ToolChoiceMode.Auto, selectors) { Raw = choice.Owner };
    }

    private static ToolSelector Selector(string type, FieldReader choice, IReadOnlyList<ToolDefinition> tools)
    {
        var named = type is ToolTypes.Function or ToolTypes.Custom;
        var selector = new ToolSelector(
            type,
            named ? choice.RequiredString("name"u8, 1, 128) : choice.String("name"u8, 1, 128),
            type == ToolTypes.Mcp ? choice.RequiredString("server_label"u8, 1, 256) : null);
        var faults = choice.Context.Faults;
        // With another fault around, the tool list may be incomplete: say only what is certain.
        if (faults.Count == 0 && !tools.Any(tool => IsNamedBy(tool, selector)))
            faults.Add(choice.Owner, ErrorCode.InvalidValue, "names a tool that is not in 'tools'; declare it there or choose another");
        return selector;
    }

    private static bool IsNamedBy(ToolDefinition tool, ToolSelector selector) => tool switch
    {
        FunctionTool function => selector.Type == ToolTypes.Function && function.Name == selector.Name,
        CustomTool custom => selector.Type == ToolTypes.Custom && custom.Name == selector.Name,
        McpTool mcp => selector.Type == ToolTypes.Mcp && mcp.ServerLabel == selector.ServerLabel,
        WebSearchTool => selector.Type.StartsWith(ToolTypes.WebSearch, StringComparison.Ordinal),
        ComputerTool => selector.Type is ToolTypes.Computer or ToolTypes.ComputerUsePreview,
        _ => tool.Type == selector.Type,
    };
}
