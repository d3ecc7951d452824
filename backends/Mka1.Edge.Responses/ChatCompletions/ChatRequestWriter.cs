using System.Buffers;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>
/// Says a Responses create body in the words of Chat Completions, for model servers that speak nothing else. What cannot be
/// said there is refused by name; nothing is dropped that would change the answer. Never throws, whatever the bytes.
/// </summary>
public static class ChatRequestWriter
{
    /// <summary>
    /// Fields that Chat Completions knows and the Responses API does not, and that a caller must not slip through: they would
    /// change how much is generated, what shape the answer has, or how the server is run. What is unknown to both passes. Case is not looked at: some servers do not either.
    /// </summary>
    private static readonly HashSet<string> NotForwarded = new(StringComparer.OrdinalIgnoreCase)
    {
        "messages", "n", "best_of", "max_tokens", "max_completion_tokens", "functions", "function_call", "response_format", "logprobs",
        "reasoning_effort", "verbosity", "web_search_options", "echo", "suffix", "use_beam_search", "prompt_logprobs", "return_token_ids",
        "add_generation_prompt", "continue_final_message", "chat_template", "documents", "prompt_token_ids", "request_id", "rid", "priority",
        "cache_salt", "kv_transfer_params", "bootstrap_host", "bootstrap_port", "bootstrap_room", "lora_path", "session_params",
    };

    /// <summary>Fields of the Responses API that are said elsewhere in the body, or that have no meaning for one stateless answer.</summary>
    private static readonly HashSet<string> SaidElsewhere = new(StringComparer.OrdinalIgnoreCase)
    {
        "input", "instructions", "tools", "tool_choice", "text", "reasoning", "include", "top_logprobs", "max_output_tokens", "stream",
        "stream_options", "parallel_tool_calls", "store", "background", "truncation", "max_tool_calls", "metadata", "context_management",
        "webhook_url", "webhook_secret", "auto_routing", "auto_routing_debug", "modalities", "audio",
        "previous_response_id", "conversation", "prompt",
    };

    /// <summary>Fields that refer to what only a server with a memory knows.</summary>
    private static readonly string[] References = ["previous_response_id", "conversation", "prompt"];

    /// <summary>The chat request that asks the same.</summary>
    /// <param name="body">A create body: UTF-8 JSON, with the whole input in it.</param>
    /// <param name="limits">Bounds on its shape.</param>
    /// <returns>UTF-8 JSON; or why it cannot be said, with the path of what is in the way.</returns>
    public static ParseResult<byte[]> FromResponses(ReadOnlyMemory<byte> body, RequestLimits? limits = null) =>
        BodyParser.Parse(body, limits ?? RequestLimits.Default, Write);

    private static byte[] Write(JsonElement root, ParseContext context)
    {
        var fields = new FieldReader(root, context);
        var output = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(output, WireJson.WriterOptions))
        {
            json.WriteStartObject();
            CopyPlain(root, json);
            if (fields.Integer("max_output_tokens"u8, 1, Usage.MaxTokens) is { } budget)
                json.WriteNumber("max_tokens"u8, budget);
            Refuse(fields);
            Messages(fields, json);
            ChatToolWriter.Write(fields, json);
            Format(fields, json);
            if (RequestOptions.Reasoning(fields)?.Effort is { } effort)
                json.WriteString("reasoning_effort"u8, EffortOf(effort));
            Logprobs(fields, json);
            if (fields.Bool("stream"u8) is true)
            {
                json.WriteBoolean("stream"u8, true);
                json.WriteStartObject("stream_options"u8);
                json.WriteBoolean("include_usage"u8, true);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void CopyPlain(JsonElement root, Utf8JsonWriter json)
    {
        foreach (var member in root.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
                continue;
            var name = member.Name;
            if (SaidElsewhere.Contains(name) || NotForwarded.Contains(name))
                continue;
            json.WritePropertyName(name);
            RawJson.Write(json, member.Value);
        }
    }

    private static void Refuse(FieldReader fields)
    {
        foreach (var name in References)
        {
            if (fields.Owner.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
                fields.Context.Faults.Add(value, ErrorCode.UnsupportedParameter, "refers to what the model server does not keep; send the whole input");
        }

        if (RequestOptions.Modalities(fields).Contains(Modality.Audio))
            fields.Context.Faults.Add(fields.Any("modalities"u8)!.Value, ErrorCode.UnsupportedParameter, "asks for sound, which this model's server does not make; ask for text");
    }

    private static void Messages(FieldReader fields, Utf8JsonWriter json)
    {
        var faults = fields.Context.Faults;
        json.WriteStartArray("messages"u8);
        var messages = new ChatMessageWriter(json, faults);
        if (fields.Text("instructions"u8, fields.Context.Limits.MaxTextLength) is { IsEmpty: false } instructions)
            messages.Instructions(instructions);
        switch (fields.Any("input"u8))
        {
            case { ValueKind: JsonValueKind.String }:
                messages.User(fields.RequiredText("input"u8, fields.Context.Limits.MaxTextLength));
                break;
            case { ValueKind: JsonValueKind.Array } items:
                foreach (var item in items.EnumerateArray())
                    messages.Item(ItemParser.Trusted(item), item);
                break;
        }

        messages.End();
        json.WriteEndArray();
        if (messages.Count == 0)
            faults.AddMissing(fields.Owner, "input", "is empty; a model server that speaks Chat Completions needs at least one message");
    }

    private static void Format(FieldReader fields, Utf8JsonWriter json)
    {
        if (fields.OfKind("text"u8, JsonValueKind.Object) is not { } text)
            return;
        if (new FieldReader(text, fields.Context).Any("verbosity"u8) is { } verbosity)
        {
            json.WritePropertyName("verbosity"u8);
            RawJson.Write(json, verbosity);
        }

        switch (RequestOptions.Text(fields, RequestDefaults.Standard).Format)
        {
            case TextFormat.JsonObject:
                json.WriteStartObject("response_format"u8);
                json.WriteString("type"u8, "json_object"u8);
                json.WriteEndObject();
                break;
            case TextFormat.JsonSchema schema:
                json.WriteStartObject("response_format"u8);
                json.WriteString("type"u8, "json_schema"u8);
                json.WriteStartObject("json_schema"u8);
                json.WriteString("name"u8, schema.Name);
                if (schema.Description is not null)
                    json.WriteString("description"u8, schema.Description);
                json.WritePropertyName("schema"u8);
                RawJson.Write(json, schema.Schema);
                if (schema.Strict is { } strict)
                    json.WriteBoolean("strict"u8, strict);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
        }
    }

    private static void Logprobs(FieldReader fields, Utf8JsonWriter json)
    {
        var top = fields.Integer("top_logprobs"u8, 0, 20);
        if (top is not > 0 && !RequestOptions.Include(fields).Contains(IncludeNames.OutputLogprobs))
            return;
        json.WriteBoolean("logprobs"u8, true);
        if (top is > 0)
            json.WriteNumber("top_logprobs"u8, top.Value);
    }

    /// <summary>The words that every server with efforts knows; a word it does not know would cost the whole request.</summary>
    private static string EffortOf(ReasoningEffort effort) => effort switch
    {
        ReasoningEffort.None => "none",
        ReasoningEffort.Minimal or ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        _ => "high",
    };
}
