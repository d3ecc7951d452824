namespace Mka1.Edge.Responses.Tests;

/// <summary>Every range, length, set and kind of contract.md B.1, B.3, B.5 and B.6.</summary>
public sealed class Field_rules
{
    [Theory]
    [InlineData("\"max_tool_calls\":0", "max_tool_calls", ErrorCode.InvalidValue)]
    [InlineData("\"max_tool_calls\":301", "max_tool_calls", ErrorCode.InvalidValue)]
    [InlineData("\"max_tool_calls\":5.0", "max_tool_calls", ErrorCode.InvalidValue)]
    [InlineData("\"max_tool_calls\":5e0", "max_tool_calls", ErrorCode.InvalidValue)]
    [InlineData("\"max_tool_calls\":\"5\"", "max_tool_calls", ErrorCode.InvalidType)]
    [InlineData("\"max_output_tokens\":0", "max_output_tokens", ErrorCode.InvalidValue)]
    [InlineData("\"max_output_tokens\":-1", "max_output_tokens", ErrorCode.InvalidValue)]
    [InlineData("\"max_output_tokens\":9007199254740992", "max_output_tokens", ErrorCode.InvalidValue)]
    [InlineData("\"max_output_tokens\":9223372036854775808", "max_output_tokens", ErrorCode.InvalidValue)]
    [InlineData("\"temperature\":2.01", "temperature", ErrorCode.InvalidValue)]
    [InlineData("\"temperature\":-0.01", "temperature", ErrorCode.InvalidValue)]
    [InlineData("\"temperature\":true", "temperature", ErrorCode.InvalidType)]
    [InlineData("\"top_p\":1.0001", "top_p", ErrorCode.InvalidValue)]
    [InlineData("\"top_p\":-1", "top_p", ErrorCode.InvalidValue)]
    [InlineData("\"top_logprobs\":21", "top_logprobs", ErrorCode.InvalidValue)]
    [InlineData("\"top_logprobs\":-1", "top_logprobs", ErrorCode.InvalidValue)]
    [InlineData("\"presence_penalty\":2.1", "presence_penalty", ErrorCode.InvalidValue)]
    [InlineData("\"presence_penalty\":-2.1", "presence_penalty", ErrorCode.InvalidValue)]
    [InlineData("\"frequency_penalty\":2.1", "frequency_penalty", ErrorCode.InvalidValue)]
    [InlineData("\"frequency_penalty\":-2.1", "frequency_penalty", ErrorCode.InvalidValue)]
    [InlineData("\"truncation\":\"none\"", "truncation", ErrorCode.InvalidValue)]
    [InlineData("\"service_tier\":\"fast\"", "service_tier", ErrorCode.InvalidValue)]
    [InlineData("\"service_tier\":\"Auto\"", "service_tier", ErrorCode.InvalidValue)]
    [InlineData("\"stream\":\"true\"", "stream", ErrorCode.InvalidType)]
    [InlineData("\"store\":1", "store", ErrorCode.InvalidType)]
    [InlineData("\"background\":[]", "background", ErrorCode.InvalidType)]
    [InlineData("\"parallel_tool_calls\":0", "parallel_tool_calls", ErrorCode.InvalidType)]
    [InlineData("\"auto_routing\":\"yes\"", "auto_routing", ErrorCode.InvalidType)]
    [InlineData("\"auto_routing_debug\":1", "auto_routing_debug", ErrorCode.InvalidType)]
    [InlineData("\"instructions\":[]", "instructions", ErrorCode.InvalidType)]
    [InlineData("\"user\":5", "user", ErrorCode.InvalidType)]
    [InlineData("\"input\":5", "input", ErrorCode.InvalidType)]
    [InlineData("\"input\":{}", "input", ErrorCode.InvalidType)]
    [InlineData("\"previous_response_id\":\"\"", "previous_response_id", ErrorCode.InvalidValue)]
    [InlineData("\"conversation\":5", "conversation", ErrorCode.InvalidType)]
    [InlineData("\"conversation\":{}", "conversation.id", ErrorCode.MissingRequiredParameter)]
    [InlineData("\"prompt\":{}", "prompt.id", ErrorCode.MissingRequiredParameter)]
    [InlineData("\"prompt\":\"x\"", "prompt", ErrorCode.InvalidType)]
    [InlineData("\"prompt\":{\"id\":\"p\",\"variables\":{\"a\":5}}", "prompt.variables.a", ErrorCode.InvalidType)]
    [InlineData("\"include\":[\"everything\"]", "include[0]", ErrorCode.InvalidValue)]
    [InlineData("\"include\":[\"message.output_text.logprobs\",7]", "include[1]", ErrorCode.InvalidType)]
    [InlineData("\"include\":\"message.output_text.logprobs\"", "include", ErrorCode.InvalidType)]
    [InlineData("\"text\":{\"verbosity\":\"loud\"}", "text.verbosity", ErrorCode.InvalidValue)]
    [InlineData("\"text\":{\"format\":{}}", "text.format.type", ErrorCode.MissingRequiredParameter)]
    [InlineData("\"text\":{\"format\":{\"type\":\"xml\"}}", "text.format.type", ErrorCode.InvalidValue)]
    [InlineData("\"text\":{\"format\":{\"type\":\"json_schema\",\"schema\":{}}}", "text.format.name", ErrorCode.MissingRequiredParameter)]
    [InlineData("\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"a\"}}", "text.format.schema", ErrorCode.MissingRequiredParameter)]
    [InlineData("\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"a b\",\"schema\":{}}}", "text.format.name", ErrorCode.InvalidValue)]
    [InlineData("\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"a\",\"schema\":[]}}", "text.format.schema", ErrorCode.InvalidType)]
    [InlineData("\"stream_options\":{\"include_obfuscation\":1}", "stream_options.include_obfuscation", ErrorCode.InvalidType)]
    [InlineData("\"reasoning\":{\"effort\":\"huge\"}", "reasoning.effort", ErrorCode.InvalidValue)]
    [InlineData("\"reasoning\":{\"summary\":\"long\"}", "reasoning.summary", ErrorCode.InvalidValue)]
    [InlineData("\"reasoning\":\"high\"", "reasoning", ErrorCode.InvalidType)]
    [InlineData("\"context_management\":[{\"type\":\"compaction\"},{\"type\":\"compaction\"}]", "context_management", ErrorCode.InvalidValue)]
    [InlineData("\"context_management\":[{\"type\":\"forget\"}]", "context_management[0].type", ErrorCode.InvalidValue)]
    [InlineData("\"context_management\":[5]", "context_management[0]", ErrorCode.InvalidType)]
    [InlineData("\"context_management\":[{\"type\":\"compaction\",\"compact_threshold\":0}]", "context_management[0].compact_threshold", ErrorCode.InvalidValue)]
    [InlineData("\"modalities\":[\"video\"]", "modalities[0]", ErrorCode.InvalidValue)]
    [InlineData("\"audio\":{\"format\":\"ogg\"}", "audio.format", ErrorCode.InvalidValue)]
    [InlineData("\"metadata\":[]", "metadata", ErrorCode.InvalidType)]
    [InlineData("\"metadata\":{\"a\":1}", "metadata.a", ErrorCode.InvalidType)]
    [InlineData("\"metadata\":{\"a\":null}", "metadata.a", ErrorCode.InvalidType)]
    [InlineData("\"background\":true,\"webhook_url\":\"not a url\"", "webhook_url", ErrorCode.InvalidValue)]
    [InlineData("\"background\":true,\"webhook_url\":\"ftp://example.com/\"", "webhook_url", ErrorCode.InvalidValue)]
    [InlineData("\"background\":true,\"webhook_url\":\"/hook\"", "webhook_url", ErrorCode.InvalidValue)]
    public void A_broken_rule_is_refused_and_named(string members, string param, ErrorCode code)
    {
        var error = Parse.Refused(Parse.With(members));

        Assert.Equal(param, error.Param);
        Assert.Equal(code, error.Code);
        Assert.StartsWith($"'{param}' ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"max_tool_calls\":1")]
    [InlineData("\"max_tool_calls\":300")]
    [InlineData("\"max_output_tokens\":1")]
    [InlineData("\"max_output_tokens\":9007199254740991")]
    [InlineData("\"temperature\":0")]
    [InlineData("\"temperature\":2")]
    [InlineData("\"temperature\":1e0")]
    [InlineData("\"top_p\":0")]
    [InlineData("\"top_p\":1.0")]
    [InlineData("\"top_logprobs\":0")]
    [InlineData("\"top_logprobs\":20")]
    [InlineData("\"presence_penalty\":-2,\"frequency_penalty\":2")]
    [InlineData("\"include\":[]")]
    [InlineData("\"tools\":[]")]
    [InlineData("\"input\":[]")]
    [InlineData("\"modalities\":[\"text\",\"audio\"],\"audio\":{\"voice\":\"alloy\",\"format\":\"pcm16\"}")]
    [InlineData("\"stream_options\":{\"include_obfuscation\":false}")]
    [InlineData("\"reasoning\":{\"effort\":\"xhigh\",\"summary\":\"detailed\"}")]
    [InlineData("\"context_management\":[{\"type\":\"compaction\",\"compact_threshold\":1000}]")]
    [InlineData("\"prompt\":{\"id\":\"prompt_1\",\"version\":\"2\",\"variables\":{\"a\":\"b\",\"c\":{\"type\":\"input_text\",\"text\":\"d\"}}}")]
    [InlineData("\"background\":true,\"webhook_url\":\"https://example.com/hook?a=b\"")]
    [InlineData("\"an_unknown_field\":{\"Deep\":[1,2,3]}")]
    public void A_value_at_the_edge_of_its_rule_is_accepted(string members) => Parse.Accepted(Parse.With(members));

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_webhook_secret_has_16_to_256_characters(int length, bool accepted)
    {
        var body = Parse.With($$"""
            "background":true,"webhook_url":"https://example.com/","webhook_secret":"{{new string('s', length)}}"
            """);

        if (accepted)
            Assert.Equal(length, Parse.Accepted(body).WebhookSecret!.Length);
        else
            Assert.Equal("webhook_secret", Parse.Refused(body).Param);
    }

    [Theory]
    [InlineData("a", 64, 512, true)]
    [InlineData("a", 65, 1, false)]
    [InlineData("a", 1, 513, false)]
    [InlineData("😀", 64, 512, true)]
    [InlineData("😀", 65, 1, false)]
    [InlineData("😀", 1, 513, false)]
    [InlineData("\\ud83d\\ude00", 64, 512, true)]
    [InlineData("\\ud83d\\ude00", 1, 513, false)]
    [InlineData("\\u2028", 64, 512, true)]
    public void Metadata_lengths_are_counted_in_code_points_however_they_are_written(string letter, int key, int value, bool accepted)
    {
        var body = Parse.With($$"""
            "metadata":{"{{string.Concat(Enumerable.Repeat(letter, key))}}":"{{string.Concat(Enumerable.Repeat(letter, value))}}"}
            """);

        Assert.Equal(accepted, Parse.Body(body) is ParseResult<CreateResponseRequest>.Parsed);
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void Metadata_holds_at_most_16_pairs(int pairs, bool accepted)
    {
        var body = Parse.With($$"""
            "metadata":{ {{string.Join(',', Enumerable.Range(0, pairs).Select(i => $"\"k{i}\":\"v\""))}} }
            """);

        if (accepted)
            Assert.Equal(pairs, Parse.Accepted(body).Metadata.Count);
        else
            Assert.Equal("metadata", Parse.Refused(body).Param);
    }

    [Theory]
    [InlineData("prompt_cache_key", 64)]
    [InlineData("safety_identifier", 128)]
    [InlineData("user", 512)]
    [InlineData("model", 256)]
    public void Identifiers_are_bounded(string field, int max)
    {
        var others = field == "model" ? string.Empty : "\"model\":\"m\",";
        Parse.Accepted($$"""{ {{others}} "{{field}}":"{{new string('x', max)}}" }""");
        Assert.Equal(field, Parse.Refused($$"""{ {{others}} "{{field}}":"{{new string('x', max + 1)}}" }""").Param);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"model\":null}")]
    [InlineData("{\"input\":\"hi\"}")]
    public void A_request_names_its_model(string body)
    {
        var error = Parse.Refused(body);

        Assert.Equal(new ApiError(ErrorCode.MissingRequiredParameter, "'model' is required.", "model"), error);
    }

    [Theory]
    [InlineData("\"webhook_url\":\"https://example.com/\"", "webhook_url", "background")]
    [InlineData("\"background\":false,\"webhook_url\":\"https://example.com/\"", "webhook_url", "background")]
    [InlineData("\"background\":true,\"webhook_secret\":\"0123456789abcdef\"", "webhook_secret", "webhook_url")]
    [InlineData("\"background\":true,\"store\":false", "store", "background")]
    [InlineData("\"conversation\":\"conv_1\",\"previous_response_id\":\"resp_1\"", "conversation", "mutually exclusive")]
    [InlineData("\"conversation\":{\"id\":\"conv_1\"},\"previous_response_id\":\"resp_1\"", "conversation", "mutually exclusive")]
    public void Fields_that_exclude_or_need_each_other_are_checked_together(string members, string param, string says)
    {
        var error = Parse.Refused(Parse.With(members));

        Assert.Equal(param, error.Param);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_fault_in_the_document_is_the_one_reported()
    {
        Assert.Equal("temperature", Parse.Refused("""{"temperature":9,"model":"m","max_tool_calls":0,"input":5}""").Param);
        Assert.Equal("input", Parse.Refused("""{"input":5,"temperature":9,"max_tool_calls":0}""").Param);
        Assert.Equal("max_tool_calls", Parse.Refused("""{"max_tool_calls":0,"metadata":{"a":1},"model":"m"}""").Param);
    }

    [Fact]
    public void An_explicit_null_means_absent_for_every_field_but_model()
    {
        string[] fields =
        [
            "input", "instructions", "conversation", "previous_response_id", "prompt", "include", "text", "stream", "stream_options", "store",
            "background", "webhook_url", "webhook_secret", "tools", "tool_choice", "parallel_tool_calls", "max_tool_calls", "reasoning",
            "auto_routing", "auto_routing_debug", "max_output_tokens", "temperature", "top_p", "top_logprobs", "presence_penalty",
            "frequency_penalty", "truncation", "context_management", "service_tier", "prompt_cache_key", "safety_identifier", "metadata",
            "modalities", "audio", "user",
        ];

        var request = Parse.Accepted(Parse.With(string.Join(',', fields.Select(field => $"\"{field}\":null"))));

        Assert.Equal(30, request.MaxToolCalls);
        Assert.Equal(Truncation.Auto, request.Truncation);
        Assert.Equal(1, request.Temperature);
        Assert.Equal(1, request.TopP);
        Assert.Equal(ServiceTier.Auto, request.ServiceTier);
        Assert.True(request.Store);
        Assert.True(request.ParallelToolCalls);
        Assert.False(request.Stream);
        Assert.False(request.Background);
        Assert.Equal(ToolChoice.Auto, request.ToolChoice);
        Assert.Equal(Verbosity.Medium, request.Text.Verbosity);
        Assert.Empty(request.Input);
    }

    [Fact]
    public void Defaults_come_from_configuration()
    {
        var defaults = new RequestDefaults { MaxToolCalls = 64, Truncation = Truncation.Disabled, Temperature = 0.5, Store = false };

        var result = RequestParser.ParseCreate("""{"model":"m"}"""u8.ToArray(), defaults: defaults);

        var request = Assert.IsType<ParseResult<CreateResponseRequest>.Parsed>(result).Request;
        Assert.Equal(64, request.MaxToolCalls);
        Assert.Equal(Truncation.Disabled, request.Truncation);
        Assert.Equal(0.5, request.Temperature);
        Assert.False(request.Store);
    }

    [Fact]
    public void Every_field_is_read()
    {
        var request = Parse.Accepted("""
            {"model":"mka1-mini","input":"hi","instructions":"be brief","conversation":{"id":"conv_1"},"prompt":{"id":"prompt_1"},
             "include":["reasoning.encrypted_content"],"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true},"verbosity":"low"},
             "stream":true,"stream_options":{"include_obfuscation":false},"store":true,"background":true,"webhook_url":"https://example.com/",
             "webhook_secret":"0123456789abcdef","tools":[{"type":"function","name":"f","parameters":{}}],"tool_choice":"required",
             "parallel_tool_calls":false,"max_tool_calls":5,"reasoning":{"effort":"minimal"},"auto_routing":true,"auto_routing_debug":true,
             "max_output_tokens":64,"temperature":0.25,"top_p":0.5,"top_logprobs":3,"presence_penalty":-1,"frequency_penalty":1.5,
             "truncation":"disabled","context_management":[{"type":"compaction","compact_threshold":9}],"service_tier":"flex",
             "prompt_cache_key":"k","safety_identifier":"s","metadata":{"a":"b"},"modalities":["audio"],"audio":{"voice":"v","format":"mp3"},"user":"u"}
            """);

        Assert.Equal("mka1-mini", request.Model);
        Assert.True(request.InputIsText);
        var message = Assert.IsType<MessageItem>(Assert.Single(request.Input));
        Assert.Equal("hi", Assert.IsType<InputTextPart>(Assert.Single(message.Content)).Text.Value);
        Assert.Equal("be brief", request.Instructions);
        Assert.Equal("conv_1", request.Conversation);
        Assert.Equal("prompt_1", request.Prompt!.Id);
        Assert.Equal([IncludeNames.EncryptedReasoning], request.Include);
        var schema = Assert.IsType<TextFormat.JsonSchema>(request.Text.Format);
        Assert.Equal("""{"type":"object"}""", schema.Schema.GetRawText());
        Assert.True(schema.Strict);
        Assert.Equal(Verbosity.Low, request.Text.Verbosity);
        Assert.True(request.Stream && request.Store && request.Background && request.AutoRouting && request.AutoRoutingDebug);
        Assert.False(request.StreamOptions!.IncludeObfuscation);
        Assert.Equal("https://example.com/", request.WebhookUrl);
        Assert.Equal("0123456789abcdef", request.WebhookSecret);
        Assert.Equal("f", Assert.IsType<FunctionTool>(Assert.Single(request.Tools)).Name);
        Assert.Equal(new ToolChoice.Mode(ToolChoiceMode.Required), request.ToolChoice);
        Assert.False(request.ParallelToolCalls);
        Assert.Equal(5, request.MaxToolCalls);
        Assert.Equal(ReasoningEffort.Minimal, request.Reasoning!.Effort);
        Assert.Equal(64, request.MaxOutputTokens);
        Assert.Equal((0.25, 0.5, 3, -1.0, 1.5), (request.Temperature, request.TopP, request.TopLogprobs!.Value, request.PresencePenalty, request.FrequencyPenalty));
        Assert.Equal(Truncation.Disabled, request.Truncation);
        Assert.Equal(9, request.ContextManagement!.CompactThreshold);
        Assert.Equal(ServiceTier.Flex, request.ServiceTier);
        Assert.Equal(("k", "s", "u"), (request.PromptCacheKey, request.SafetyIdentifier, request.User));
        Assert.Equal("b", request.Metadata["a"]);
        Assert.Equal([Modality.Audio], request.Modalities);
        Assert.Equal("mp3", request.Audio!.Format);
    }
}
