using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>The field table of contract.md B.1, as code.</summary>
internal static class CreateRequestReader
{
    private static readonly KnownNames Names = new(
        "model", "input", "instructions", "conversation", "previous_response_id", "prompt", "include", "text", "stream", "stream_options",
        "store", "background", "webhook_url", "webhook_secret", "tools", "tool_choice", "parallel_tool_calls", "max_tool_calls", "reasoning",
        "auto_routing", "auto_routing_debug", "max_output_tokens", "temperature", "top_p", "top_logprobs", "presence_penalty",
        "frequency_penalty", "truncation", "context_management", "service_tier", "prompt_cache_key", "safety_identifier", "metadata",
        "modalities", "audio", "user");

    public static CreateResponseRequest Read(JsonElement root, ReadOnlyMemory<byte> body, ParseContext context, RequestDefaults defaults)
    {
        Names.Check(root, context.Faults);
        var fields = new FieldReader(root, context);
        var tools = fields.OfKind("tools"u8, JsonValueKind.Array) is { } array ? ToolParser.Tools(array, context) : [];
        var request = new CreateResponseRequest
        {
            Raw = body,
            Root = root,
            Model = fields.RequiredString("model"u8, 1, 256),
            Input = Input(fields),
            InputIsText = fields.Any("input"u8) is { ValueKind: JsonValueKind.String },
            Instructions = fields.String("instructions"u8, 0, context.Limits.MaxTextLength),
            Conversation = RequestOptions.Conversation(fields),
            PreviousResponseId = fields.String("previous_response_id"u8, 1, 256),
            Prompt = RequestOptions.Prompt(fields),
            Include = RequestOptions.Include(fields),
            Text = RequestOptions.Text(fields, defaults),
            Stream = fields.Bool("stream"u8) ?? false,
            StreamOptions = RequestOptions.Stream(fields),
            Store = fields.Bool("store"u8) ?? defaults.Store,
            Background = fields.Bool("background"u8) ?? false,
            WebhookUrl = fields.HttpUrl("webhook_url"u8),
            WebhookSecret = fields.String("webhook_secret"u8, 16, 256),
            Tools = tools,
            ToolChoice = ToolChoiceParser.Parse(fields, tools),
            ParallelToolCalls = fields.Bool("parallel_tool_calls"u8) ?? defaults.ParallelToolCalls,
            MaxToolCalls = (int)(fields.Integer("max_tool_calls"u8, 1, 300) ?? defaults.MaxToolCalls),
            Reasoning = RequestOptions.Reasoning(fields),
            AutoRouting = fields.Bool("auto_routing"u8) ?? false,
            AutoRoutingDebug = fields.Bool("auto_routing_debug"u8) ?? false,
            MaxOutputTokens = fields.Integer("max_output_tokens"u8, 1, Usage.MaxTokens),
            Temperature = fields.Number("temperature"u8, 0, 2) ?? defaults.Temperature,
            TopP = fields.Number("top_p"u8, 0, 1) ?? defaults.TopP,
            TopLogprobs = (int?)fields.Integer("top_logprobs"u8, 0, 20),
            PresencePenalty = fields.Number("presence_penalty"u8, -2, 2) ?? 0,
            FrequencyPenalty = fields.Number("frequency_penalty"u8, -2, 2) ?? 0,
            Truncation = fields.Enum<Truncation>("truncation"u8) ?? defaults.Truncation,
            ContextManagement = RequestOptions.ContextManagement(fields),
            ServiceTier = fields.Enum<ServiceTier>("service_tier"u8) ?? defaults.ServiceTier,
            PromptCacheKey = fields.String("prompt_cache_key"u8, 0, 64),
            SafetyIdentifier = fields.String("safety_identifier"u8, 0, 128),
            Metadata = MetadataParser.Parse(fields),
            Modalities = RequestOptions.Modalities(fields),
            Audio = RequestOptions.Audio(fields),
            User = fields.String("user"u8, 0, 512),
        };
        CheckTogether(fields, context.Faults);
        return request;
    }

    private static List<ResponseItem> Input(FieldReader body)
    {
        if (body.Any("input"u8) is not { } input)
            return [];
        switch (input.ValueKind)
        {
            case JsonValueKind.String:
                var text = body.RequiredText("input"u8, body.Context.Limits.MaxTextLength);
                return [new MessageItem { Role = MessageRole.User, Content = [new InputTextPart { Text = text }] }];
            case JsonValueKind.Array:
                return ItemParser.Items(input, body.Context);
            default:
                body.WrongKind(input, "a string or an array of items");
                return [];
        }
    }

    /// <summary>Rules between fields (contract.md B.6).</summary>
    private static void CheckTogether(FieldReader body, FaultLog faults)
    {
        var background = body.Any("background"u8) is { ValueKind: JsonValueKind.True };
        if (!background && body.Any("webhook_url"u8) is { } webhook)
            faults.Add(webhook, ErrorCode.InvalidValue, "is only valid with 'background': true; set it or leave the webhook out");
        if (!body.Has("webhook_url"u8) && body.Any("webhook_secret"u8) is { } secret)
            faults.Add(secret, ErrorCode.InvalidValue, "requires 'webhook_url'; set it or leave the secret out");
        if (background && body.Any("store"u8) is { ValueKind: JsonValueKind.False } store)
            faults.Add(store, ErrorCode.InvalidValue, "must not be false with 'background': true: a background response is read from the store");
        if (body.Has("previous_response_id"u8) && body.Any("conversation"u8) is { } conversation)
            faults.Add(conversation, ErrorCode.InvalidValue, "and 'previous_response_id' are mutually exclusive; send one of them");
    }
}
