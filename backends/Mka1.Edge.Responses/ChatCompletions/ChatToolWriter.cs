using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Writes tools and their choice the way chat has them.</summary>
internal static class ChatToolWriter
{
    public static void Write(FieldReader fields, Utf8JsonWriter json)
    {
        var faults = fields.Context.Faults;
        if (fields.OfKind("tools"u8, JsonValueKind.Array) is not { } array || array.GetArrayLength() == 0)
            return;
        var tools = ToolParser.Tools(array, fields.Context);
        var choice = ToolChoiceParser.Parse(fields, tools);

        // Chat has no list of allowed tools that every server knows: those that may not be used are not offered.
        var allowed = choice is ToolChoice.AllowedTools some ? some.Tools.Select(tool => tool.Name).ToHashSet() : null;
        json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            if (tool is FunctionTool function)
            {
                if (allowed?.Contains(function.Name) is not false)
                    Function(json, function);
            }
            else
            {
                faults.Add(tool.Raw.TryGetProperty("type"u8, out var type) ? type : tool.Raw, ErrorCode.UnsupportedTool, $"is '{tool.Type}', but this model's server takes tools of type 'function' only");
            }
        }

        json.WriteEndArray();
        if (fields.Any("tool_choice"u8) is { } sent)
            Choice(json, choice, sent, faults);
        if (fields.Bool("parallel_tool_calls"u8) is { } parallel)
            json.WriteBoolean("parallel_tool_calls"u8, parallel);
    }

    private static void Function(Utf8JsonWriter json, FunctionTool function)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, function.Name);
        if (function.Description is not null)
            json.WriteString("description"u8, function.Description);
        if (function.Parameters is { } parameters)
        {
            json.WritePropertyName("parameters"u8);
            RawJson.Write(json, parameters);
        }

        if (function.Strict is { } strict)
            json.WriteBoolean("strict"u8, strict);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Choice(Utf8JsonWriter json, ToolChoice choice, JsonElement sent, FaultLog faults)
    {
        switch (choice)
        {
            case ToolChoice.Mode mode:
                json.WriteString("tool_choice"u8, WordOf(mode.Value));
                break;
            case ToolChoice.AllowedTools some:
                json.WriteString("tool_choice"u8, WordOf(some.Value));
                break;
            case ToolChoice.Function function:
                json.WriteStartObject("tool_choice"u8);
                json.WriteString("type"u8, "function"u8);
                json.WriteStartObject("function"u8);
                json.WriteString("name"u8, function.Name);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            default:
                faults.Add(sent, ErrorCode.UnsupportedParameter, "names a tool that this model's server does not have; name a function");
                break;
        }
    }

    private static string WordOf(ToolChoiceMode mode) => mode switch
    {
        ToolChoiceMode.None => "none",
        ToolChoiceMode.Required => "required",
        _ => "auto",
    };
}
