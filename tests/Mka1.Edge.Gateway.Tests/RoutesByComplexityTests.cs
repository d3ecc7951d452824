using System.Text.Json;
using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: auto_routing picks the variant that fits the request, says which, and never one the caller may not use (contract.md I).</summary>
public sealed class RoutesByComplexityTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const string Simple = "Summarize this in one sentence: the cat sat on the mat.";
    private const string Middling = "Compare the colours of the sky at noon and in the evening, and say why they differ.";

    /// <summary>Long, and full of what makes a request hard.</summary>
    private static readonly string Hard =
        "We had an incident last night. " + string.Concat(Enumerable.Repeat("The queue grew while the workers restarted one after the other. ", 10))
        + "Analyze the root cause step by step, compare the trade-offs of each mitigation and design a plan.";

    [Fact]
    public async Task A_simple_request_goes_to_the_quantized_variant_and_says_so()
    {
        var (served, body) = await RouteAsync(Simple, "\"auto_routing_debug\":true,\"max_output_tokens\":64,\"metadata\":{\"mine\":\"kept\"}");
        Assert.Same(gateway.Quantized, served);
        Assert.Equal("mka1-mini", body.GetProperty("model").GetString());
        var metadata = body.GetProperty("metadata");
        Assert.Equal("kept", metadata.GetProperty("mine").GetString());
        Assert.Equal("mka1-mini-quantized", metadata.GetProperty("routed_model").GetString());
        Assert.Equal(
            """{"requested_model":"mka1-mini","routed_model":"mka1-mini-quantized","desired_tier":"quantized","reasoning_effort":"minimal","score":-3,"reasons":["short prompt","simple transform task"]}""",
            metadata.GetProperty("auto_routing_debug").GetString());
        Assert.Equal("minimal", Seen(served).GetProperty("reasoning").GetProperty("effort").GetString());
    }

    [Fact]
    public async Task A_middling_request_goes_to_the_MoE_variant_under_its_own_name_there()
    {
        var (served, body) = await RouteAsync(Middling);
        Assert.Same(gateway.Moe, served);
        Assert.Equal("moe-on-server", Seen(served).GetProperty("model").GetString());
        Assert.Equal("low", Seen(served).GetProperty("reasoning").GetProperty("effort").GetString());
        Assert.Equal("mka1-mini-moe", body.GetProperty("metadata").GetProperty("routed_model").GetString());
        Assert.False(body.GetProperty("metadata").TryGetProperty("auto_routing_debug", out _));
    }

    [Fact]
    public async Task A_hard_request_goes_to_the_dense_variant()
    {
        var (served, _) = await RouteAsync(Hard, "\"max_output_tokens\":2048");
        Assert.Same(gateway.Dense, served);
        Assert.Equal("high", Seen(served).GetProperty("reasoning").GetProperty("effort").GetString());
    }

    [Fact]
    public async Task Only_the_last_words_of_the_user_are_judged()
    {
        var input = $$"""[{"role":"user","content":{{JsonSerializer.Serialize(Hard)}}},{"role":"assistant","content":"Done."},{"role":"user","content":[{"type":"input_text","text":"{{Simple}}"}]}]""";
        gateway.Quantized.Play(Scripts.Completed("x"));
        using var answer = await gateway.PostAsync($$"""{"model":"mka1-mini","auto_routing":true,"input":{{input}}}""");
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Single(gateway.Quantized.Calls);
    }

    [Theory]
    [InlineData("minimal")]
    [InlineData("high")]
    [InlineData("xhigh")]
    public async Task The_clients_own_effort_is_left_alone_and_reported(string effort)
    {
        var (served, body) = await RouteAsync(Simple, $"\"auto_routing_debug\":true,\"reasoning\":{{\"effort\":\"{effort}\",\"summary\":\"auto\"}}");
        Assert.Equal($$"""{"effort":"{{effort}}","summary":"auto"}""", Seen(served).GetProperty("reasoning").GetRawText());
        var debug = JsonDocument.Parse(body.GetProperty("metadata").GetProperty("auto_routing_debug").GetString()!).RootElement;
        Assert.Equal(effort, debug.GetProperty("reasoning_effort").GetString());
    }

    [Theory]
    [InlineData("\"reasoning\":{\"summary\":\"auto\"}", """{"summary":"auto","effort":"minimal"}""")]
    [InlineData("\"reasoning\":{\"effort\":null,\"summary\":\"auto\"}", """{"effort":"minimal","summary":"auto"}""")]
    [InlineData("\"reasoning\":null", """{"effort":"minimal"}""")]
    public async Task The_tiers_effort_is_put_beside_whatever_else_the_client_asked_for(string sent, string seen)
    {
        var (served, _) = await RouteAsync(Simple, sent);
        Assert.Equal(seen, Seen(served).GetProperty("reasoning").GetRawText());
    }

    [Fact]
    public async Task Without_auto_routing_nothing_is_added()
    {
        gateway.Dense.Play(Scripts.Completed("x"));
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"auto_routing_debug\":true,\"metadata\":{\"a\":\"b\"}"));
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("""{"a":"b"}""", body.GetProperty("metadata").GetRawText());
        Assert.False(Seen(gateway.Dense).TryGetProperty("reasoning", out _));
    }

    [Fact]
    public async Task A_stream_says_in_every_snapshot_which_variant_serves_it()
    {
        gateway.Quantized.Play(Scripts.Completed("x"));
        using var answer = await gateway.PostAsync($$"""{"model":"mka1-mini","auto_routing":true,"stream":true,"input":"{{Simple}}"}""");
        var snapshots = Wire.Events(await answer.Content.ReadAsStringAsync()).SkipLast(1).Where(e => e.Json.TryGetProperty("response", out _)).ToArray();
        Assert.Equal(3, snapshots.Length);
        Assert.All(snapshots, e => Assert.Equal("mka1-mini-quantized", e.Json.GetProperty("response").GetProperty("metadata").GetProperty("routed_model").GetString()));
    }

    [Theory]
    [InlineData("\"tools\":[{\"type\":\"function\",\"name\":\"f\"},{\"type\":\"web_search\"}]", "\"hi\"", "unsupported_tool", "tools[1].type")]
    [InlineData("\"tools\":[{\"type\":\"brand_new_tool\"}]", "\"hi\"", "unsupported_tool", "tools[0].type")]
    [InlineData("\"store\":false", """[{"role":"user","content":"a"},{"role":"user","content":[{"type":"input_text","text":"b"},{"type":"input_image","image_url":"https://example.com/a.png"}]}]""", "unsupported_parameter", "input[1].content[1].type")]
    [InlineData("\"store\":false", """[{"role":"user","content":[{"type":"input_file","file_id":"file_1"}]}]""", "unsupported_parameter", "input[0].content[0].type")]
    [InlineData("\"modalities\":[\"text\",\"audio\"]", "\"hi\"", "unsupported_parameter", "modalities[1]")]
    public async Task What_a_variant_cannot_serve_is_named_by_its_path(string member, string input, string code, string param)
    {
        var before = gateway.UpstreamCalls;
        using var answer = await gateway.PostAsync($$"""{"model":"mka1-mini-quantized",{{member}},"input":{{input}}}""");
        await answer.AssertRefusedAsync(400, code, param);
        Assert.Equal(before, gateway.UpstreamCalls);
    }

    [Fact]
    public async Task With_auto_routing_the_nearest_variant_that_can_serve_the_request_does()
    {
        gateway.Moe.Play(Scripts.Completed("x"));
        using var image = await gateway.PostAsync(
            $$"""{"model":"mka1-mini","auto_routing":true,"auto_routing_debug":true,"input":[{"role":"user","content":[{"type":"input_text","text":"{{Simple}}"},{"type":"input_image","image_url":"https://example.com/a.png"}]}]}""");
        var metadata = JsonDocument.Parse(await image.Content.ReadAsStringAsync()).RootElement.GetProperty("metadata");
        Assert.Equal("mka1-mini-moe", metadata.GetProperty("routed_model").GetString());
        Assert.Equal("quantized", JsonDocument.Parse(metadata.GetProperty("auto_routing_debug").GetString()!).RootElement.GetProperty("desired_tier").GetString());
        Assert.Single(gateway.Moe.Calls);
    }

    [Fact]
    public async Task A_key_that_may_use_one_variant_is_not_routed_to_another()
    {
        gateway.Dense.Play(Scripts.Completed("x"));
        gateway.Quantized.Play(Scripts.Completed("x"));
        using var answer = await gateway.PostAsync(
            $$"""{"model":"mka1-mini-quantized","auto_routing":true,"auto_routing_debug":true,"max_output_tokens":2048,"input":{{JsonSerializer.Serialize(Hard)}}}""", TestKeys.QuantizedOnly);
        var metadata = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("metadata");
        Assert.Equal("mka1-mini-quantized", metadata.GetProperty("routed_model").GetString());
        Assert.Equal("dense", JsonDocument.Parse(metadata.GetProperty("auto_routing_debug").GetString()!).RootElement.GetProperty("desired_tier").GetString());
        Assert.Empty(gateway.Dense.Calls);
        Assert.Single(gateway.Quantized.Calls);
    }

    [Fact]
    public async Task A_family_name_and_its_alias_mean_the_default_variant_and_a_variants_name_that_variant()
    {
        foreach (var (name, server) in new[]
        {
            (GatewayFixture.Family, gateway.Dense), (GatewayFixture.Alias, gateway.Dense),
            ("mka1-mini-dense", gateway.Dense), ("mka1-mini-moe", gateway.Moe), ("mka1-mini-quantized", gateway.Quantized),
        })
        {
            server.Play(Scripts.Completed("x"));
            using var answer = await gateway.PostAsync(GatewayFixture.Hello(name));
            var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            Assert.Equal(name, body.GetProperty("model").GetString());
            Assert.Single(server.Calls);
        }
    }

    [Fact]
    public async Task The_model_server_gets_the_clients_bytes_without_what_is_the_gateways_own()
    {
        gateway.Dense.Play(Scripts.Completed("x"));
        const string sent =
            """{ "input" : "hi" , "model":"mka1-mini-dense","metadata":{"a":"b"},"store":true,"temperature" : 1.50,"unknown":{"z":[1.0,2e0]},"user":"u","safety_identifier":"s","prompt_cache_key":"p","cache_salt":"s","auto_routing":false,"auto_routing_debug":true,"background":false,"previous_response_id":null,"conversation":null,"prompt":null,"webhook_url":null,"webhook_secret":null,"instructions":"x" }""";
        using var answer = await gateway.PostAsync(sent);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var seen = Seen(gateway.Dense);
        Assert.Equal(
            ["input", "instructions", "model", "prompt_cache_key", "store", "temperature", "unknown"],
            seen.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal("dense-on-server", seen.GetProperty("model").GetString());
        Assert.False(seen.GetProperty("store").GetBoolean());
        Assert.Equal("1.50", seen.GetProperty("temperature").GetRawText());
        Assert.Equal("""{"z":[1.0,2e0]}""", seen.GetProperty("unknown").GetRawText());
    }

    private async Task<(ScriptedUpstream Served, JsonElement Body)> RouteAsync(string prompt, string extra = "\"store\":false")
    {
        ScriptedUpstream[] servers = [gateway.Quantized, gateway.Moe, gateway.Dense];
        foreach (var server in servers) server.Play(Scripts.Completed("x"));
        using var answer = await gateway.PostAsync($$"""{"model":"mka1-mini","auto_routing":true,"input":{{JsonSerializer.Serialize(prompt)}},{{extra}}}""");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return (Assert.Single(servers, s => s.Calls.Count > 0), JsonDocument.Parse(text).RootElement);
    }

    private static JsonElement Seen(ScriptedUpstream server) => Assert.Single(server.Calls).Json;
}
