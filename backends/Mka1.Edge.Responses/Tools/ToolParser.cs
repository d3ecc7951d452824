using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Reads tool definitions (contract.md D.3). A malformed tool of a known type is a fault; an unknown type passes through.</summary>
internal static class ToolParser
{
    private static readonly string[] ContextSizes = ["low", "medium", "high"];
    private static readonly string[] Approvals = ["always", "never"];
    private static readonly KnownNames Names = new(
        "type", "name", "description", "parameters", "strict", "defer_loading", "format", "vector_store_ids", "max_num_results", "filters",
        "ranking_options", "display_width", "display_height", "environment", "search_context_size", "user_location", "server_label",
        "server_url", "server_description", "allowed_tools", "headers", "require_approval", "connector_id", "authorization", "container",
        "model", "size", "quality", "output_format", "background");

    public static List<ToolDefinition> Tools(JsonElement array, ParseContext context)
    {
        var tools = new List<ToolDefinition>(array.GetArrayLength());
        if (tools.Capacity > context.Limits.MaxTools)
        {
            context.Faults.Add(array, ErrorCode.InvalidValue, $"must hold at most {context.Limits.MaxTools} tools");
            return tools;
        }

        var before = context.Faults.Count;
        foreach (var element in array.EnumerateArray())
        {
            if (Tool(element, context) is { } tool)
                tools.Add(tool);
            if (context.Faults.Count > before)
                break;
        }

        return tools;
    }

    /// <summary>A definition that was not sent by a client; what is not understood is kept as it is.</summary>
    public static ToolDefinition Trusted(JsonElement element)
    {
        var context = ParseContext.Silent();
        return Tool(element, context) is { } tool && context.Faults.Count == 0 ? tool : new UnknownTool(string.Empty) { Raw = element };
    }

    private static ToolDefinition? Tool(JsonElement element, ParseContext context)
    {
        var tool = new FieldReader(element, context);
        if (element.ValueKind != JsonValueKind.Object)
        {
            tool.WrongKind(element, "an object");
            return null;
        }

        Names.Check(element, context.Faults);
        return OfType(tool.RequiredString("type"u8, 1, 64), tool);
    }

    private static ToolDefinition OfType(string type, FieldReader tool)
    {
        var raw = tool.Owner;
        return type switch
        {
            ToolTypes.Function => new FunctionTool
            {
                Raw = raw, Name = tool.RequiredName("name"u8), Description = Description(tool),
                Parameters = tool.OfKind("parameters"u8, JsonValueKind.Object), Strict = tool.Bool("strict"u8),
                DeferLoading = tool.Bool("defer_loading"u8) ?? false,
            },
            ToolTypes.Custom => new CustomTool
            {
                Raw = raw, Name = tool.RequiredName("name"u8), Description = Description(tool),
                Format = tool.OfKind("format"u8, JsonValueKind.Object),
            },
            ToolTypes.FileSearch => new FileSearchTool
            {
                Raw = raw, VectorStoreIds = RequiredStrings(tool), MaxNumResults = (int?)tool.Integer("max_num_results"u8, 1, 50),
            },
            ToolTypes.Computer or ToolTypes.ComputerUsePreview => Computer(type, tool),
            ToolTypes.Mcp => Mcp(tool),
            ToolTypes.CodeInterpreter => CodeInterpreter(tool),
            ToolTypes.ImageGeneration => new ImageGenerationTool { Raw = raw, Model = tool.String("model"u8, 1, 256) },
            ToolTypes.LocalShell => new LocalShellTool { Raw = raw },
            ToolTypes.Shell => new ShellTool { Raw = raw },
            ToolTypes.Hosted => new HostedTool { Raw = raw },
            ToolTypes.History => new HistoryTool { Raw = raw },
            ToolTypes.Sleep => new SleepTool { Raw = raw },
            // Dated variants (web_search_preview_2025_03_11) take the same fields.
            _ when type.StartsWith(ToolTypes.WebSearch, StringComparison.Ordinal) => new WebSearchTool(type)
            {
                Raw = raw, SearchContextSize = tool.Word("search_context_size"u8, ContextSizes),
            },
            _ => new UnknownTool(type) { Raw = raw },
        };
    }

    private static string? Description(FieldReader tool) => tool.String("description"u8, 0, tool.Context.Limits.MaxTextLength);

    private static IReadOnlyList<string> RequiredStrings(FieldReader tool)
    {
        if (!tool.Has("vector_store_ids"u8))
            tool.Missing("vector_store_ids"u8);
        return tool.Strings("vector_store_ids"u8) ?? [];
    }

    private static ComputerTool Computer(string type, FieldReader tool)
    {
        tool.Number("display_width"u8, 1, 65_536);
        tool.Number("display_height"u8, 1, 65_536);
        tool.String("environment"u8, 1, 64);
        return new ComputerTool(type) { Raw = tool.Owner };
    }

    private static McpTool Mcp(FieldReader tool)
    {
        // An object names tools one by one; its inside is for the server that runs them.
        if (tool.Any("require_approval"u8) is { ValueKind: not JsonValueKind.Object })
            tool.Word("require_approval"u8, Approvals);
        return new McpTool
        {
            Raw = tool.Owner,
            ServerLabel = tool.RequiredString("server_label"u8, 1, 256),
            ServerUrl = tool.HttpUrl("server_url"u8),
            ConnectorId = tool.String("connector_id"u8, 1, 256),
        };
    }

    private static CodeInterpreterTool CodeInterpreter(FieldReader tool)
    {
        if (tool.Any("container"u8) is { ValueKind: not (JsonValueKind.String or JsonValueKind.Object) } container)
            tool.WrongKind(container, "a string or an object");
        return new CodeInterpreterTool { Raw = tool.Owner };
    }
}
