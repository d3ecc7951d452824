using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Turns one chat message into input items.</summary>
internal static class ChatMessageReader
{
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool"];
    private static readonly string[] UserParts = ["text", "image_url", "input_audio", "file"];
    private static readonly string[] TextParts = ["text"];
    private static readonly string[] AssistantParts = ["text", "refusal"];
    private static readonly string[] CallTypes = ["function"];

    /// <param name="message">One entry of <c>messages</c>.</param>
    /// <param name="body">The body it stands in.</param>
    /// <param name="json">Takes its items, inside the array <c>input</c>.</param>
    public static void Read(JsonElement message, FieldReader body, Utf8JsonWriter json)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            body.WrongKind(message, "an object");
            return;
        }

        var fields = new FieldReader(message, body.Context);
        if (!fields.Has("role"u8))
            fields.Missing("role"u8);
        switch (fields.Word("role"u8, Roles))
        {
            case "assistant":
                Assistant(fields, json);
                break;
            case "tool":
                Tool(fields, json);
                break;
            case { } role:
                json.WriteStartObject();
                json.WriteString("type"u8, ItemTypes.Message);
                json.WriteString("role"u8, role);
                Content(fields, json, "content", role == "user" ? UserParts : TextParts);
                json.WriteEndObject();
                break;
        }
    }

    private static void Assistant(FieldReader message, Utf8JsonWriter json)
    {
        var max = message.Context.Limits.MaxTextLength;
        if ((message.Text("reasoning_content"u8, max) ?? message.Text("reasoning"u8, max)) is { IsEmpty: false } thought)
            Thought(thought, json);
        var refusal = message.Text("refusal"u8, max);
        if (message.Has("content"u8) || refusal is not null)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, ItemTypes.Message);
            json.WriteString("role"u8, "assistant"u8);
            json.WriteStartArray("content"u8);
            Parts(message, json, AssistantParts, PartTypes.OutputText);
            if (refusal is { } text)
                Part(json, PartTypes.Refusal, "refusal", text);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        foreach (var call in message.OfKind("tool_calls"u8, JsonValueKind.Array)?.EnumerateArray() ?? default)
            Call(call, message, json);
    }

    private static void Thought(JsonText text, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, ItemTypes.Reasoning);
        json.WriteStartArray("summary"u8);
        json.WriteEndArray();
        json.WriteStartArray("content"u8);
        Part(json, PartTypes.ReasoningText, "text", text);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Call(JsonElement element, FieldReader message, Utf8JsonWriter json)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            message.WrongKind(element, "an object");
            return;
        }

        var call = new FieldReader(element, message.Context);
        call.Word("type"u8, CallTypes);
        var id = call.RequiredString("id"u8, 1, 64);
        var inner = call.Required("function"u8, JsonValueKind.Object);
        if (inner.ValueKind != JsonValueKind.Object)
            return;
        var function = new FieldReader(inner, message.Context);
        json.WriteStartObject();
        json.WriteString("type"u8, ItemTypes.FunctionCall);
        json.WriteString("call_id"u8, id);
        json.WriteString("name"u8, function.RequiredString("name"u8, 1, 128));
        json.WritePropertyName("arguments"u8);
        function.RequiredText("arguments"u8, message.Context.Limits.MaxTextLength).WriteTo(json);
        json.WriteEndObject();
    }

    private static void Tool(FieldReader message, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, ItemTypes.FunctionCallOutput);
        json.WriteString("call_id"u8, message.RequiredString("tool_call_id"u8, 1, 64));
        Content(message, json, "output", TextParts);
        json.WriteEndObject();
    }

    private static void Content(FieldReader message, Utf8JsonWriter json, string name, string[] allowed)
    {
        if (!message.Has("content"u8))
            message.Missing("content"u8);
        json.WriteStartArray(name);
        Parts(message, json, allowed, PartTypes.InputText);
        json.WriteEndArray();
    }

    private static void Parts(FieldReader message, Utf8JsonWriter json, string[] allowed, string textType)
    {
        if (message.Any("content"u8) is not { } content)
            return;
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                Part(json, textType, "text", message.RequiredText("content"u8, message.Context.Limits.MaxTextLength));
                break;
            case JsonValueKind.Array:
                foreach (var part in content.EnumerateArray())
                {
                    if (part.ValueKind == JsonValueKind.Object)
                        Part(new FieldReader(part, message.Context), json, allowed, textType);
                    else
                        message.WrongKind(part, "an object");
                }

                break;
            default:
                message.WrongKind(content, "a string or an array of parts");
                break;
        }
    }

    private static void Part(FieldReader part, Utf8JsonWriter json, string[] allowed, string textType)
    {
        var limits = part.Context.Limits;
        if (!part.Has("type"u8))
            part.Missing("type"u8);
        switch (part.Word("type"u8, allowed))
        {
            case "text":
                Part(json, textType, "text", part.RequiredText("text"u8, limits.MaxTextLength));
                break;
            case "refusal":
                Part(json, PartTypes.Refusal, "refusal", part.RequiredText("refusal"u8, limits.MaxTextLength));
                break;
            case "image_url":
                Image(part, json);
                break;
            case "input_audio":
                json.WriteStartObject();
                json.WriteString("type"u8, PartTypes.InputAudio);
                Raw(json, "input_audio", part.Required("input_audio"u8, JsonValueKind.Object));
                json.WriteEndObject();
                break;
            case "file":
                json.WriteStartObject();
                json.WriteString("type"u8, PartTypes.InputFile);
                if (part.Required("file"u8, JsonValueKind.Object) is { ValueKind: JsonValueKind.Object } file)
                {
                    foreach (var member in file.EnumerateObject())
                    {
                        if (member.Name is "filename" or "file_id" or "file_data")
                            Raw(json, member.Name, member.Value);
                    }
                }

                json.WriteEndObject();
                break;
        }
    }

    private static void Image(FieldReader part, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, PartTypes.InputImage);
        if (part.Required("image_url"u8, JsonValueKind.Object) is { ValueKind: JsonValueKind.Object } image)
        {
            if (image.TryGetProperty("url"u8, out var address))
                Raw(json, "image_url", address);
            if (image.TryGetProperty("detail"u8, out var detail))
                Raw(json, "detail", detail);
        }

        json.WriteEndObject();
    }

    private static void Part(Utf8JsonWriter json, string type, string name, JsonText text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WritePropertyName(name);
        text.WriteTo(json);
        json.WriteEndObject();
    }

    private static void Raw(Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        RawJson.Write(json, value);
    }
}
