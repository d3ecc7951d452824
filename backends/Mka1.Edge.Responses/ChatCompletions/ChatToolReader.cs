using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Says chat's <c>tools</c> and <c>tool_choice</c> the way the Responses API has them.</summary>
internal static class ChatToolReader
{
    public static void Read(FieldReader fields, Utf8JsonWriter json)
    {
        if (fields.OfKind("tools"u8, JsonValueKind.Array) is { } tools)
        {
            json.WriteStartArray("tools"u8);
            foreach (var tool in tools.EnumerateArray())
                Function(tool, fields, json);
            json.WriteEndArray();
        }

        switch (fields.Any("tool_choice"u8))
        {
            case { ValueKind: JsonValueKind.Object } choice:
                json.WriteStartObject("tool_choice"u8);
                Choice(new FieldReader(choice, fields.Context), json);
                json.WriteEndObject();
                break;
            case { } word:
                json.WritePropertyName("tool_choice"u8);
                RawJson.Write(json, word);
                break;
        }
    }

    private static void Function(JsonElement element, FieldReader fields, Utf8JsonWriter json)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            fields.WrongKind(element, "an object");
            return;
        }

        var tool = new FieldReader(element, fields.Context);
        var type = tool.RequiredString("type"u8, 1, 64);
        if (type.Length == 0)
            return;
        if (type != ToolTypes.Function)
        {
            fields.Context.Faults.Add(element.GetProperty("type"u8), ErrorCode.UnsupportedTool, "must be 'function'; no other tools are offered here");
            return;
        }

        if (tool.Required("function"u8, JsonValueKind.Object) is not { ValueKind: JsonValueKind.Object } function)
            return;
        json.WriteStartObject();
        json.WriteString("type"u8, ToolTypes.Function);
        foreach (var member in function.EnumerateObject())
        {
            if (member.Name is not ("name" or "description" or "parameters" or "strict"))
                continue;
            json.WritePropertyName(member.Name);
            RawJson.Write(json, member.Value);
        }

        json.WriteEndObject();
    }

    private static void Choice(FieldReader choice, Utf8JsonWriter json)
    {
        var type = choice.RequiredString("type"u8, 1, 64);
        if (type == "allowed_tools" && choice.Required("allowed_tools"u8, JsonValueKind.Object) is { ValueKind: JsonValueKind.Object } allowed)
        {
            var some = new FieldReader(allowed, choice.Context);
            json.WriteString("type"u8, type);
            json.WriteString("mode"u8, some.RequiredString("mode"u8, 1, 64));
            json.WriteStartArray("tools"u8);
            if (some.Required("tools"u8, JsonValueKind.Array) is { ValueKind: JsonValueKind.Array } tools)
            {
                foreach (var tool in tools.EnumerateArray())
                {
                    json.WriteStartObject();
                    if (tool.ValueKind == JsonValueKind.Object)
                        Named(new FieldReader(tool, choice.Context), json);
                    else
                        choice.WrongKind(tool, "an object");
                    json.WriteEndObject();
                }
            }

            json.WriteEndArray();
            return;
        }

        Named(choice, json);
    }

    private static void Named(FieldReader choice, Utf8JsonWriter json)
    {
        json.WriteString("type"u8, choice.RequiredString("type"u8, 1, 64));
        if (choice.Required("function"u8, JsonValueKind.Object) is { ValueKind: JsonValueKind.Object } function)
            json.WriteString("name"u8, new FieldReader(function, choice.Context).RequiredString("name"u8, 1, 128));
    }
}
