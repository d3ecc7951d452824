using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a tier whose servers are down is passed over for its nearest sibling, and a conversation never moves down.</summary>
public sealed class FallsBackWithinTheFamilyTests : IAsyncLifetime
{
    private const string Simple = "Summarize this in one sentence: the cat sat on the mat.";

    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync()
    {
        _gateway = await GatewayFixture.StartAsync(config => config);
        foreach (var server in new[] { _gateway.Quantized, _gateway.Moe, _gateway.Dense }) server.Play(Scripts.Completed("x"));
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_request_for_a_tier_that_is_down_goes_to_its_nearest_sibling_and_says_so()
    {
        TakeDown("quantized");
        var (model, debug) = await RouteAsync("\"auto_routing_debug\":true");
        Assert.Equal("mka1-mini-moe", model);
        Assert.Equal("quantized", debug!.Value.GetProperty("desired_tier").GetString());
        Assert.Equal("minimal", debug.Value.GetProperty("reasoning_effort").GetString());
        Assert.Equal("no healthy quantized sibling; routed to moe", debug.Value.GetProperty("reasons").EnumerateArray().Last().GetString());
        Assert.Empty(_gateway.Quantized.Calls);

        TakeDown("moe");
        Assert.Equal("mka1-mini-dense", (await RouteAsync("\"auto_routing_debug\":true")).Model);
    }

    [Fact]
    public async Task A_chain_of_responses_only_moves_up()
    {
        var first = await PostAsync("\"text\":{\"format\":{\"type\":\"json_object\"}},\"tools\":[{\"type\":\"function\",\"name\":\"f\"}],\"tool_choice\":\"required\",\"max_output_tokens\":4096,\"reasoning\":{\"effort\":\"high\"}");
        Assert.Equal("mka1-mini-dense", Routed(first));
        var second = await PostAsync($"\"auto_routing_debug\":true,\"previous_response_id\":\"{first.GetProperty("id").GetString()}\"");
        Assert.Equal("mka1-mini-dense", Routed(second));
        Assert.Contains("the conversation is on dense already", second.GetProperty("metadata").GetProperty("auto_routing_debug").GetString()!, StringComparison.Ordinal);
        var third = await PostAsync($"\"previous_response_id\":\"{second.GetProperty("id").GetString()}\"");
        Assert.Equal("mka1-mini-dense", Routed(third));
        Assert.Equal("mka1-mini-quantized", (await RouteAsync("\"store\":false")).Model);
    }

    [Fact]
    public async Task A_conversation_only_moves_up()
    {
        using var made = await _gateway.Client.SendAsync(ApiClientRequest("/api/v1/llm/conversations", "{}"));
        var id = JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString();
        var first = await PostAsync($"\"conversation\":\"{id}\",\"max_output_tokens\":4096,\"tools\":[{{\"type\":\"function\",\"name\":\"f\"}}],\"tool_choice\":\"required\"");
        var before = Routed(first);
        Assert.NotEqual("mka1-mini-quantized", before);
        Assert.Equal(before, Routed(await PostAsync($"\"conversation\":\"{id}\"")));
    }

    private static HttpRequestMessage ApiClientRequest(string path, string body)
    {
        var request = GatewayFixture.Create(body);
        request.RequestUri = new Uri(path, UriKind.Relative);
        return request;
    }

    private static string Routed(JsonElement response) => response.GetProperty("metadata").GetProperty("routed_model").GetString()!;

    private async Task<(string Model, JsonElement? Debug)> RouteAsync(string extra)
    {
        var metadata = (await PostAsync(extra)).GetProperty("metadata");
        return (metadata.GetProperty("routed_model").GetString()!,
            metadata.TryGetProperty("auto_routing_debug", out var debug) ? JsonDocument.Parse(debug.GetString()!).RootElement : null);
    }

    private async Task<JsonElement> PostAsync(string extra)
    {
        using var answer = await _gateway.PostAsync($$"""{"model":"mka1-mini","auto_routing":true,"input":{{JsonSerializer.Serialize(Simple)}},{{extra}}}""");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>As an operator does who takes a pool's servers out.</summary>
    private void TakeDown(string pool)
    {
        foreach (var destination in _gateway.App.Services.GetRequiredService<EdgeConfiguration>().Current.Pools[pool].Destinations) destination.State.Drain = true;
    }
}
