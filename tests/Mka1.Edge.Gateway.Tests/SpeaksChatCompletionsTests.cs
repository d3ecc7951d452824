using System.Text.Json;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a client of the Responses API does not notice that the servers behind it speak Chat Completions.</summary>
public sealed class SpeaksChatCompletionsTests(ChatPoolFixture pool) : IClassFixture<ChatPoolFixture>
{
    private const string Tools = """ "tools":[{"type":"function","name":"get_weather","parameters":{"type":"object"},"strict":false}] """;

    private GatewayFixture Gateway => pool.Gateway;

    [Fact]
    public async Task The_server_is_asked_in_its_own_words_and_told_nothing_of_the_caller()
    {
        Gateway.Dense.Play(ChatScripts.Completed("Hi"));
        await Gateway.StreamAsync(""" "instructions":"Be kind.","max_output_tokens":50,"temperature":0.50,"metadata":{"a":"b"},"user":"u","safety_identifier":"s" """);

        var call = Assert.Single(Gateway.Dense.Calls);
        Assert.StartsWith("POST /v1/chat/completions HTTP/1.1", call.Head);
        Assert.Equal($"Bearer {GatewayFixture.UpstreamApiKey}", call.Headers["Authorization"].Single());
        Assert.Equal("""[{"role":"system","content":"Be kind."},{"role":"user","content":"Say hello."}]""", call.Json.GetProperty("messages").GetRawText());
        Assert.Equal(
            ["model", "stream", "temperature", "prompt_cache_key", "max_tokens", "messages", "stream_options"],
            call.Json.EnumerateObject().Select(p => p.Name).OrderBy(name => Array.IndexOf(["model", "stream", "temperature", "prompt_cache_key", "max_tokens", "messages", "stream_options"], name)));
        Assert.Equal(("dense-on-server", 50, "0.50"), (call.Json.GetProperty("model").GetString(), call.Json.GetProperty("max_tokens").GetInt32(), call.Json.GetProperty("temperature").GetRawText()));
    }

    [Theory]
    [InlineData("\"store\":true")]
    [InlineData("\"store\":false")]
    public async Task A_stream_keeps_every_rule_and_the_usage_is_the_servers(string store)
    {
        Gateway.Dense.Play(ChatScripts.Completed("Hé", "llo 😀"));
        var final = StrictClient.Follow(await Gateway.StreamAsync(store));

        Assert.Equal((ResponseStatus.Completed, "Héllo 😀", GatewayFixture.Family), (final.Status, final.OutputText, final.Model));
        Assert.Equal(Usage.Of(8, 7, cached: 3), final.Usage);
    }

    [Fact]
    public async Task Deltas_arrive_while_the_server_still_speaks()
    {
        var go = new TaskCompletionSource();
        Gateway.Dense.Play(async call =>
        {
            await call.StartAsync();
            await call.ChunkAsync(": thinking\n\n" + ChatScripts.Chunk("""{"content":"first"}"""));
            await go.Task;
            await call.ChunkAsync(string.Concat(ChatScripts.Text("second")));
            await call.EndAsync();
        });
        using var client = await StreamClient.OpenAsync(Gateway, GatewayFixture.Create(GatewayFixture.Hello(stream: true)));
        await client.UntilAsync("first");
        Assert.DoesNotContain("second", client.Text, StringComparison.Ordinal);
        go.SetResult();

        Assert.Equal("firstsecond", StrictClient.Follow(Wire.Events(await client.EndAsync())).OutputText);
    }

    [Fact]
    public async Task A_whole_answer_is_a_response()
    {
        Gateway.Dense.Play(ChatScripts.Completed("Hello"));
        var response = await ResponseAsync(GatewayFixture.Hello());

        Assert.Equal(("completed", "Hello", 15), (response.GetProperty("status").GetString(), response.GetProperty("output_text").GetString(), response.GetProperty("usage").GetProperty("total_tokens").GetInt32()));
        Assert.False(Gateway.Dense.Calls[^1].Json.TryGetProperty("stream", out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tools_go_there_and_back_and_a_later_turn_brings_the_result(bool stream)
    {
        const string Call = """{"id":"call_7","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Paris\"}"}}""";
        Gateway.Dense.Play(stream
            ? Scripts.Stream(ChatScripts.Chunk($$"""{"tool_calls":[{{Call}}]}"""), ChatScripts.Chunk("{}", "tool_calls"), ChatScripts.UsageChunk, ChatScripts.Done)
            : Scripts.Json(ChatScripts.Completion($$"""{"role":"assistant","content":null,"tool_calls":[{{Call}}]}""", "tool_calls")));
        var body = GatewayFixture.Hello(stream: stream, extra: Tools + ""","tool_choice":"required" """);
        using var answer = await Gateway.PostAsync(body);
        var text = await answer.Content.ReadAsStringAsync();
        var response = stream ? Wire.Events(text)[^2].Json.GetProperty("response") : JsonDocument.Parse(text).RootElement;
        var item = response.GetProperty("output")[0];
        Assert.Equal(("function_call", "call_7", """{"city":"Paris"}"""), (item.GetProperty("type").GetString(), item.GetProperty("call_id").GetString(), item.GetProperty("arguments").GetString()));
        Assert.Equal("required", Gateway.Dense.Calls[^1].Json.GetProperty("tool_choice").GetString());

        Gateway.Dense.Play(ChatScripts.Completed("Sunny"));
        var next = await ResponseAsync($$"""{"model":"{{GatewayFixture.Family}}","previous_response_id":"{{response.GetProperty("id").GetString()}}","input":[{"type":"function_call_output","call_id":"call_7","output":"sunny"}]}""");
        Assert.Equal("Sunny", next.GetProperty("output_text").GetString());
        Assert.Equal(
            $$"""[{"role":"user","content":"Say hello."},{"role":"assistant","content":null,"tool_calls":[{{Call}}]},{"role":"tool","tool_call_id":"call_7","content":"sunny"}]""",
            Gateway.Dense.Calls[^1].Json.GetProperty("messages").GetRawText());
    }

    [Fact]
    public async Task What_chat_cannot_say_is_refused_before_any_server_is_asked()
    {
        Gateway.Dense.Play(ChatScripts.Completed("Hi"));
        using var tool = await Gateway.PostAsync(GatewayFixture.Hello(extra: """ "tools":[{"type":"code_interpreter","container":{"type":"auto"}}] """));
        await tool.AssertRefusedAsync(400, "unsupported_tool", "tools[0].type");
        using var stream = await Gateway.PostAsync($$"""{"model":"{{GatewayFixture.Family}}","stream":true,"input":[{"type":"web_search_call","id":"ws_1","status":"completed"}]}""");
        await stream.AssertRefusedAsync(400, "unsupported_parameter", "input[0].type");

        Assert.Empty(Gateway.Dense.Calls);
    }

    [Fact]
    public async Task Nobody_counts_tokens()
    {
        Gateway.Dense.Play(ChatScripts.Completed("Hi"));
        using var request = GatewayFixture.Create($$"""{"model":"{{GatewayFixture.Family}}","input":"hi"}""");
        request.RequestUri = new Uri("/api/v1/llm/responses/input_tokens", UriKind.Relative);
        using var answer = await Gateway.Client.SendAsync(request);
        await answer.AssertRefusedAsync(400, "unsupported_parameter", "model");

        Assert.Empty(Gateway.Dense.Calls);
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"Too long.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""", 400, "context_length_exceeded")]
    [InlineData(400, """{"object":"error","message":"odd","code":400}""", 400, "invalid_value")]
    [InlineData(422, """{"detail":[{"loc":["body","x"]}]}""", 400, "invalid_value")]
    [InlineData(429, """{"error":{"message":"slow down"}}""", 503, "overloaded")]
    [InlineData(503, "busy", 503, "overloaded")]
    [InlineData(500, """{"error":{"message":"at 10.0.0.7"}}""", 502, "upstream_error")]
    [InlineData(404, """{"error":{"message":"no such model on 10.0.0.7"}}""", 502, "upstream_error")]
    [InlineData(302, "", 502, "upstream_error")]
    [InlineData(200, "<html>10.0.0.7</html>", 502, "upstream_error")]
    [InlineData(200, "{}", 502, "upstream_error")]
    [InlineData(200, """{"choices":[]}""", 502, "upstream_error")]
    public async Task A_server_that_refuses_or_talks_nonsense_is_told_of_as_any_other(int status, string body, int expected, string code)
    {
        foreach (var stream in (bool[])[false, true])
        {
            Gateway.Dense.Play(Scripts.Json(body, status));
            using var answer = await Gateway.PostAsync(GatewayFixture.Hello(stream: stream));
            var error = await answer.AssertRefusedAsync(expected, code);
            Assert.DoesNotContain("10.0.0.7", error.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_refusal_names_the_field_that_the_client_sent()
    {
        Gateway.Dense.Play(Scripts.Json("""{"error":{"message":"'max_tokens' is too large.","type":"invalid_request_error","param":"max_tokens","code":null}}""", 400));
        using var answer = await Gateway.PostAsync(GatewayFixture.Hello(extra: "\"max_output_tokens\":5"));
        var error = await answer.AssertRefusedAsync(400, "invalid_value", "max_output_tokens");

        Assert.Equal("'max_output_tokens' is too large.", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task An_error_in_the_midst_of_a_stream_fails_the_response()
    {
        Gateway.Dense.Play(Scripts.Stream(ChatScripts.Chunk("""{"content":"Hi"}"""), """data: {"error":{"message":"Out of memory.","code":500}}""" + "\n\n", ChatScripts.Done));
        var final = StrictClient.Follow(await Gateway.StreamAsync());

        Assert.Equal((ResponseStatus.Failed, "upstream_error", "Out of memory."), (final.Status, final.Error!.Code, final.Error.Message));
    }

    [Fact]
    public async Task Nonsense_in_the_midst_of_a_stream_fails_the_response()
    {
        Gateway.Dense.Play(Scripts.Stream([ChatScripts.Chunk("""{"content":"Hi"}"""), "data: <html>\n\n", .. ChatScripts.Text("more")]));

        StrictClient.AssertFailed(await Gateway.StreamAsync(), "upstream_error");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_usage_the_gateway_counts_and_bills_what_it_says(bool stream)
    {
        Gateway.Dense.Play(stream
            ? Scripts.Stream(ChatScripts.Chunk("""{"content":"One two"}"""), ChatScripts.Chunk("""{"content":" three."}"""), ChatScripts.Chunk("{}", "stop"), ChatScripts.Done)
            : Scripts.Json(ChatScripts.Completion("""{"role":"assistant","content":"One two three."}""", usage: "")));
        using var answer = await Gateway.PostAsync(GatewayFixture.Hello(stream: stream));
        var text = await answer.Content.ReadAsStringAsync();
        var response = stream ? Wire.Events(text)[^2].Json.GetProperty("response") : JsonDocument.Parse(text).RootElement;
        var usage = response.GetProperty("usage");
        await Gateway.SettledAsync(answer.Headers.GetValues("x-request-id").Single());

        var row = Gateway.Ledger.Rows().Single(entry => entry.ResponseId == response.GetProperty("id").GetString());
        Assert.True(row.Estimated);
        Assert.Equal((row.InputTokens, row.OutputTokens), (usage.GetProperty("input_tokens").GetInt64(), usage.GetProperty("output_tokens").GetInt64()));
        Assert.True(row is { InputTokens: > 0, OutputTokens: > 1 }, row.ToString());
    }

    [Fact]
    public async Task Near_a_limit_nobody_is_asked_to_count_and_the_estimate_stands()
    {
        await using var gateway = await GatewayFixture.StartAsync(config =>
        {
            var tenants = config.Tenants.ToDictionary();
            tenants["acme"] = tenants["acme"] with { Limits = new() { Tokens = [new() { Window = "day", Limit = 200 }] } };
            return ChatPoolFixture.Chat(config) with { Tenants = tenants };
        });
        gateway.Dense.Play(ChatScripts.Completed("Hi"));
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"max_output_tokens\":20"));

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.StartsWith("POST /v1/chat/completions ", Assert.Single(gateway.Dense.Calls).Head);
    }

    [Fact]
    public async Task A_long_conversation_is_compacted_by_the_chat_server_too()
    {
        Gateway.Dense.Play(ChatScripts.Completed("Ada asked for a sum."));
        var response = await ResponseAsync(
            $$"""{"model":"{{GatewayFixture.Family}}","input":[{"role":"user","content":"My name is Ada."},{"role":"assistant","content":"Hello Ada."},{"role":"user","content":"What is 2+2?"},{"role":"assistant","content":"4"},{"role":"user","content":"And now?"}],"context_management":[{"type":"compaction","compact_threshold":1}]}""");

        Assert.Equal(["compaction", "message"], response.GetProperty("output").EnumerateArray().Select(item => item.GetProperty("type").GetString()));
        Assert.Equal(2, Gateway.Dense.Calls.Count);
        Assert.All(Gateway.Dense.Calls, call => Assert.StartsWith("POST /v1/chat/completions ", call.Head));
    }

    private async Task<JsonElement> ResponseAsync(string body)
    {
        using var answer = await Gateway.PostAsync(body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
