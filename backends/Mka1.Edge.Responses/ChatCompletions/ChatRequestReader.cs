using System.Buffers;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>
/// Says a chat request as a Responses create body. What the Responses API cannot say is refused by its name in chat, unless it is
/// what would have happened anyway; members unknown to chat are ignored. Never throws, whatever the bytes.
/// </summary>
public static class ChatRequestReader
{
    /// <summary>Fields that mean the same in both, and are checked where the create body is.</summary>
    private static readonly string[] Same =
    [
        "model", "temperature", "top_p", "presence_penalty", "frequency_penalty", "parallel_tool_calls", "service_tier",
        "prompt_cache_key", "safety_identifier", "user", "metadata",
    ];

    /// <summary>Fields of chat that nothing here can honour.</summary>
    private static readonly string[] Unsupported =
        ["stop", "seed", "logit_bias", "functions", "function_call", "audio", "prediction", "web_search_options"];

    private static readonly string[] Formats = ["text", "json_object", "json_schema"];

    /// <summary>The create body that asks the same.</summary>
    /// <param name="body">The body of <c>POST /chat/completions</c>.</param>
    /// <param name="limits">Bounds on its shape.</param>
    public static ParseResult<ChatCreateRequest> ToResponses(ReadOnlyMemory<byte> body, RequestLimits? limits = null) =>
        BodyParser.Parse(body, limits ?? RequestLimits.Default, Read);

    private static ChatCreateRequest Read(JsonElement root, ParseContext context)
    {
        var fields = new FieldReader(root, context);
        Refuse(fields);
        var output = new ArrayBufferWriter<byte>(1024);
        var usage = false;
        using (var json = new Utf8JsonWriter(output, WireJson.WriterOptions))
        {
            json.WriteStartObject();
            foreach (var name in Same)
            {
                if (root.TryGetProperty(name, out var value))
                    Raw(json, name, value);
            }

            json.WriteBoolean("store"u8, false);
            if ((fields.Integer("max_completion_tokens"u8, 1, Usage.MaxTokens) ?? fields.Integer("max_tokens"u8, 1, Usage.MaxTokens)) is { } budget)
                json.WriteNumber("max_output_tokens"u8, budget);
            if (fields.Bool("stream"u8) is true)
            {
                json.WriteBoolean("stream"u8, true);
                usage = fields.OfKind("stream_options"u8, JsonValueKind.Object) is { } options && new FieldReader(options, context).Bool("include_usage"u8) is true;
            }

            Messages(fields, json);
            ChatToolReader.Read(fields, json);
            Text(fields, json);
            if (fields.Any("reasoning_effort"u8) is { } effort)
            {
                json.WriteStartObject("reasoning"u8);
                Raw(json, "effort", effort);
                json.WriteEndObject();
            }

            Logprobs(fields, json);
            json.WriteEndObject();
        }

        return new ChatCreateRequest(output.WrittenMemory, usage);
    }

    private static void Refuse(FieldReader fields)
    {
        var faults = fields.Context.Faults;
        if (fields.Any("n"u8) is { } n && !(n.ValueKind == JsonValueKind.Number && n.TryGetInt64(out var choices) && choices == 1))
            faults.Add(n, ErrorCode.UnsupportedParameter, "must be 1: one answer a request; send the request again for another");
        foreach (var name in Unsupported)
        {
            if (fields.Owner.TryGetProperty(name, out var value) && !IsNeutral(value))
                faults.Add(value, ErrorCode.UnsupportedParameter, "is not supported here; leave it out");
        }

        if (RequestOptions.Modalities(fields).Contains(Modality.Audio))
            faults.Add(fields.Any("modalities"u8)!.Value, ErrorCode.UnsupportedParameter, "asks for sound, but there is text only");
    }

    /// <summary>What asks for nothing: null, an empty list or an empty object.</summary>
    private static bool IsNeutral(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };

    private static void Messages(FieldReader fields, Utf8JsonWriter json)
    {
        var messages = fields.Required("messages"u8, JsonValueKind.Array);
        json.WriteStartArray("input"u8);
        if (messages.ValueKind == JsonValueKind.Array)
        {
            if (messages.GetArrayLength() == 0)
                fields.Context.Faults.Add(messages, ErrorCode.InvalidValue, "must hold at least one message");
            foreach (var message in messages.EnumerateArray())
                ChatMessageReader.Read(message, fields, json);
        }

        json.WriteEndArray();
    }

    private static void Text(FieldReader fields, Utf8JsonWriter json)
    {
        var format = fields.OfKind("response_format"u8, JsonValueKind.Object);
        var verbosity = fields.Any("verbosity"u8);
        if (format is null && verbosity is null)
            return;
        json.WriteStartObject("text"u8);
        if (format is { } value)
            Format(new FieldReader(value, fields.Context), json);
        if (verbosity is { } word)
            Raw(json, "verbosity", word);
        json.WriteEndObject();
    }

    private static void Format(FieldReader format, Utf8JsonWriter json)
    {
        if (!format.Has("type"u8))
            format.Missing("type"u8);
        if (format.Word("type"u8, Formats) is not { } type)
            return;
        json.WriteStartObject("format"u8);
        json.WriteString("type"u8, type);
        if (type == "json_schema" && format.Required("json_schema"u8, JsonValueKind.Object) is { ValueKind: JsonValueKind.Object } schema)
        {
            foreach (var member in schema.EnumerateObject())
            {
                if (member.Name is "name" or "description" or "schema" or "strict")
                    Raw(json, member.Name, member.Value);
            }
        }

        json.WriteEndObject();
    }

    private static void Logprobs(FieldReader fields, Utf8JsonWriter json)
    {
        var wanted = fields.Bool("logprobs"u8) is true;
        if (fields.Any("top_logprobs"u8) is { } top)
        {
            if (!wanted)
                fields.Context.Faults.Add(top, ErrorCode.InvalidValue, "requires 'logprobs': true");
            Raw(json, "top_logprobs", top);
        }

        if (!wanted)
            return;
        json.WriteStartArray("include"u8);
        json.WriteStringValue(IncludeNames.OutputLogprobs);
        json.WriteEndArray();
    }

    private static void Raw(Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        RawJson.Write(json, value);
    }
}
