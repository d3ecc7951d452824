using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a create request that breaks a rule of the contract (B.1, B.6) is refused with 400 and reaches no model server.</summary>
public sealed class RefusesBadRequestsTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    public static TheoryData<string, string> BrokenRules => new()
    {
        // Numbers, each just outside its range, and of the wrong kind.
        { "\"max_tool_calls\":0", "max_tool_calls" },
        { "\"max_tool_calls\":301", "max_tool_calls" },
        { "\"max_tool_calls\":1.5", "max_tool_calls" },
        { "\"max_output_tokens\":0", "max_output_tokens" },
        { "\"max_output_tokens\":-1", "max_output_tokens" },
        { "\"max_output_tokens\":9007199254740992", "max_output_tokens" },
        { "\"max_output_tokens\":9223372036854775808", "max_output_tokens" },
        { "\"max_output_tokens\":\"5\"", "max_output_tokens" },
        { "\"temperature\":2.01", "temperature" },
        { "\"temperature\":-0.01", "temperature" },
        { "\"temperature\":\"1\"", "temperature" },
        { "\"temperature\":1e400", "temperature" },
        { "\"top_p\":1.01", "top_p" },
        { "\"top_p\":-0.01", "top_p" },
        { "\"top_logprobs\":21", "top_logprobs" },
        { "\"top_logprobs\":-1", "top_logprobs" },
        { "\"presence_penalty\":2.1", "presence_penalty" },
        { "\"frequency_penalty\":-2.1", "frequency_penalty" },

        // Words outside their set.
        { "\"truncation\":\"sometimes\"", "truncation" },
        { "\"service_tier\":\"gold\"", "service_tier" },
        { "\"include\":[\"everything\"]", "include[0]" },
        { "\"modalities\":[\"smell\"]", "modalities[0]" },
        { "\"text\":{\"verbosity\":\"loud\"}", "text.verbosity" },
        { "\"text\":{\"format\":{\"type\":\"xml\"}}", "text.format.type" },
        { "\"text\":{\"format\":{\"type\":\"json_schema\",\"schema\":{}}}", "text.format.name" },
        { "\"reasoning\":{\"effort\":\"heroic\"}", "reasoning.effort" },
        { "\"reasoning\":{\"summary\":\"brief\"}", "reasoning.summary" },
        { "\"tool_choice\":\"perhaps\"", "tool_choice" },

        // Kinds.
        { "\"store\":\"yes\"", "store" },
        { "\"stream\":1", "stream" },
        { "\"parallel_tool_calls\":\"true\"", "parallel_tool_calls" },
        { "\"instructions\":5", "instructions" },
        { "\"tools\":{}", "tools" },
        { "\"metadata\":[]", "metadata" },

        // Background and its notifications.
        { "\"background\":true,\"store\":false", "store" },
        { "\"webhook_url\":\"https://example.com/hook\"", "webhook_url" },
        { "\"background\":true,\"webhook_url\":\"ftp://example.com/\"", "webhook_url" },
        { "\"background\":true,\"webhook_secret\":\"0123456789abcdef\"", "webhook_secret" },
        { $"\"background\":true,\"webhook_url\":\"https://example.com/\",\"webhook_secret\":\"{new string('s', 15)}\"", "webhook_secret" },
        { $"\"background\":true,\"webhook_url\":\"https://example.com/\",\"webhook_secret\":\"{new string('s', 257)}\"", "webhook_secret" },

        // Metadata: 16 pairs, 64 characters a key, 512 a value, strings only.
        { "\"metadata\":{" + string.Join(',', Enumerable.Range(0, 17).Select(i => $"\"k{i}\":\"v\"")) + "}", "metadata" },
        { $"\"metadata\":{{\"{new string('k', 65)}\":\"v\"}}", "metadata" },
        { $"\"metadata\":{{\"k\":\"{new string('v', 513)}\"}}", "metadata.k" },
        { "\"metadata\":{\"k\":5}", "metadata.k" },

        // What a request refers to.
        { "\"conversation\":\"conv_1\",\"previous_response_id\":\"resp_1\"", "" },
        { "\"previous_response_id\":\"resp_0123456789abcdef0123456789abcdef\"", "previous_response_id" },
        { "\"previous_response_id\":\"../admin\"", "previous_response_id" },

        // Tools.
        { "\"tools\":[{}]", "tools[0].type" },
        { "\"tools\":[{\"type\":\"function\"}]", "tools[0].name" },
        { "\"tools\":[{\"type\":\"function\",\"name\":\"a b\"}]", "tools[0].name" },
        { $"\"tools\":[{{\"type\":\"function\",\"name\":\"{new string('n', 65)}\"}}]", "tools[0].name" },
        { "\"context_management\":[{\"type\":\"compaction\"},{\"type\":\"compaction\"}]", "context_management" },
    };

    public static TheoryData<string, string> BrokenInputs => new()
    {
        { "5", "input" },
        { "{}", "input" },
        { "[5]", "input[0]" },
        { "[{}]", "input[0]" },
        { "[{\"role\":\"wizard\",\"content\":\"hi\"}]", "input[0].role" },
        { "[{\"role\":\"user\"}]", "input[0].content" },
        { "[{\"role\":\"user\",\"content\":5}]", "input[0].content" },
        { "[{\"role\":\"user\",\"content\":[{}]}]", "input[0].content[0].type" },
        { "[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\"}]}]", "input[0].content[0].text" },
        { "[{\"role\":\"user\",\"content\":\"hi\"},{\"type\":\"function_call\",\"call_id\":\"c\",\"arguments\":\"{}\"}]", "input[1].name" },
        { "[{\"type\":\"function_call_output\",\"output\":\"x\"}]", "input[0].call_id" },
        { "[{\"type\":\"item_reference\"}]", "input[0].id" },
    };

    [Theory]
    [MemberData(nameof(BrokenRules))]
    public async Task A_broken_rule_is_named_by_its_path(string member, string param)
    {
        var before = gateway.UpstreamCalls;
        using var answer = await gateway.PostAsync($$"""{"model":"mka1-mini","input":"hi",{{member}}}""");
        var error = await answer.AssertRefusedAsync(400);
        Assert.StartsWith(param, error.GetProperty("param").GetString() ?? "", StringComparison.Ordinal);
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(before, gateway.UpstreamCalls);
    }

    [Theory]
    [MemberData(nameof(BrokenInputs))]
    public async Task A_malformed_item_is_named_by_its_path(string input, string param)
    {
        var before = gateway.UpstreamCalls;
        using var answer = await gateway.PostAsync($$"""{"model":"mka1-mini","input":{{input}}}""");
        var error = await answer.AssertRefusedAsync(400);
        Assert.StartsWith(param, error.GetProperty("param").GetString() ?? "", StringComparison.Ordinal);
        Assert.Equal(before, gateway.UpstreamCalls);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"input":"hi"}""")]
    [InlineData("""{"model":null,"input":"hi"}""")]
    public async Task A_request_without_a_model_says_that_model_is_missing(string body)
    {
        using var answer = await gateway.PostAsync(body);
        await answer.AssertRefusedAsync(400, "missing_required_parameter", "model");
    }

    [Fact]
    public async Task An_unknown_previous_response_is_refused_in_the_documented_words()
    {
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"previous_response_id\":\"resp_abc\""));
        var error = await answer.AssertRefusedAsync(400, "previous_response_not_found", "previous_response_id");
        Assert.Equal("Previous response with id 'resp_abc' not found.", error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("\"conversation\":\"conv_1\"", "conversation")]
    [InlineData("\"conversation\":{\"id\":\"conv_1\"}", "conversation")]
    [InlineData("\"prompt\":{\"id\":\"prompt_1\"}", "prompt.id")]
    public async Task What_the_gateway_does_not_hold_is_not_found(string member, string param)
    {
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: member));
        await answer.AssertRefusedAsync(404, "not_found", param);
    }

    [Theory]
    [InlineData("\"max_tool_calls\":300,\"temperature\":2,\"top_p\":0,\"top_logprobs\":20,\"presence_penalty\":-2,\"frequency_penalty\":2")]
    [InlineData("\"max_tool_calls\":null,\"temperature\":null,\"metadata\":null,\"tools\":null,\"background\":null,\"webhook_url\":null,\"conversation\":null")]
    [InlineData("\"something_new\":{\"any\":[1,2]},\"moderation\":\"auto\"")]
    [InlineData("\"max_output_tokens\":9007199254740991,\"include\":[],\"tools\":[]")]
    public async Task The_edges_of_every_range_null_and_unknown_fields_are_taken(string members)
    {
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: members));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Metadata_of_sixteen_pairs_at_full_length_comes_back_unchanged()
    {
        var metadata = Enumerable.Range(0, 16).ToDictionary(i => new string((char)('a' + i), 64), i => new string((char)('A' + i), 512));
        var json = System.Text.Json.JsonSerializer.Serialize(metadata);
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: $"\"metadata\":{json}"));
        var body = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(json, body.GetProperty("metadata").GetRawText());
    }
}
