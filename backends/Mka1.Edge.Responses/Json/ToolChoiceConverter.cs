using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

internal sealed class ToolChoiceConverter : JsonConverter<ToolChoice>
{
    public override ToolChoice Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var value = JsonElement.ParseValue(ref reader);
        if (value.ValueKind == JsonValueKind.String)
        {
            return EnumWords<ToolChoiceMode>.TryRead(value, out var mode)
                ? new ToolChoice.Mode(mode)
                : throw new JsonException("A tool choice must be none, auto, required or an object.");
        }

        if (value.ValueKind != JsonValueKind.Object)
            throw new JsonException("A tool choice must be a string or an object.");
        var choice = new FieldReader(value, ParseContext.Silent());
        var type = choice.String("type"u8) ?? string.Empty;
        var name = choice.String("name"u8);
        return type switch
        {
            ToolTypes.Function => new ToolChoice.Function(name ?? string.Empty) { Raw = value },
            ToolTypes.Custom => new ToolChoice.Custom(name ?? string.Empty) { Raw = value },
            ToolTypes.Mcp => new ToolChoice.Mcp(choice.String("server_label"u8) ?? string.Empty, name) { Raw = value },
            "allowed_tools" => new ToolChoice.AllowedTools(
                choice.Enum<ToolChoiceMode>("mode"u8) ?? ToolChoiceMode.Auto, Selectors(choice)) { Raw = value },
            _ => new ToolChoice.Hosted(type) { Raw = value },
        };
    }

    private static List<ToolSelector> Selectors(FieldReader choice)
    {
        var selectors = new List<ToolSelector>();
        if (choice.OfKind("tools"u8, JsonValueKind.Array) is not { } array)
            return selectors;
        foreach (var entry in array.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.Object))
        {
            var tool = new FieldReader(entry, choice.Context);
            selectors.Add(new ToolSelector(tool.String("type"u8) ?? string.Empty, tool.String("name"u8), tool.String("server_label"u8)));
        }

        return selectors;
    }

    public override void Write(Utf8JsonWriter writer, ToolChoice value, JsonSerializerOptions options)
    {
        if (value is ToolChoice.Mode mode)
        {
            writer.WriteStringValue(EnumWords<ToolChoiceMode>.WordOf(mode.Value));
            return;
        }

        if (value.Raw.ValueKind != JsonValueKind.Undefined)
        {
            RawJson.Write(writer, value.Raw);
            return;
        }

        writer.WriteStartObject();
        switch (value)
        {
            case ToolChoice.Function function:
                writer.WriteString("type"u8, ToolTypes.Function);
                writer.WriteString("name"u8, function.Name);
                break;
            case ToolChoice.Custom custom:
                writer.WriteString("type"u8, ToolTypes.Custom);
                writer.WriteString("name"u8, custom.Name);
                break;
            case ToolChoice.Hosted hosted:
                writer.WriteString("type"u8, hosted.Type);
                break;
            case ToolChoice.Mcp mcp:
                writer.WriteString("type"u8, ToolTypes.Mcp);
                writer.WriteString("server_label"u8, mcp.ServerLabel);
                if (mcp.Name is not null)
                    writer.WriteString("name"u8, mcp.Name);
                break;
            case ToolChoice.AllowedTools allowed:
                writer.WriteString("type"u8, "allowed_tools"u8);
                writer.WriteString("mode"u8, EnumWords<ToolChoiceMode>.WordOf(allowed.Value));
                writer.WriteStartArray("tools"u8);
                foreach (var tool in allowed.Tools)
                {
                    writer.WriteStartObject();
                    writer.WriteString("type"u8, tool.Type);
                    if (tool.ServerLabel is not null)
                        writer.WriteString("server_label"u8, tool.ServerLabel);
                    if (tool.Name is not null)
                        writer.WriteString("name"u8, tool.Name);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                break;
            default:
                throw new UnreachableException();
        }

        writer.WriteEndObject();
    }
}
