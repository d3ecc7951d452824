using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a caller sees the models its key may use and no others, and probes see nothing but health.</summary>
public sealed class ListsModelsTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task The_list_holds_every_name_in_order_each_as_a_model()
    {
        using var answer = await GetAsync("/api/v1/llm/models", TestKeys.Acme);
        var list = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("list", list.GetProperty("object").GetString());
        Assert.Equal(
            [GatewayFixture.Alias, "mka1-mini", "mka1-mini-dense", "mka1-mini-moe", "mka1-mini-quantized"],
            list.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()));
        foreach (var model in list.GetProperty("data").EnumerateArray())
        {
            Assert.Equal("model", model.GetProperty("object").GetString());
            Assert.Equal("llm", model.GetProperty("model_type").GetString());
            Assert.NotEmpty(model.GetProperty("owned_by").GetString()!);
            Assert.True(model.GetProperty("created").GetInt64() > 1_700_000_000);
        }
    }

    [Fact]
    public async Task A_restricted_key_sees_only_its_own_models()
    {
        using var answer = await GetAsync("/api/v1/llm/models", TestKeys.QuantizedOnly);
        var list = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("data");
        Assert.Equal("mka1-mini-quantized", Assert.Single(list.EnumerateArray()).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("mka1-mini")]
    [InlineData("mka1-mini-dense")]
    [InlineData("meetkai:functionary-urdu-mini-pak")]
    [InlineData("meetkai%3Afunctionary-urdu-mini-pak")]
    public async Task A_model_is_found_by_its_name_colons_and_all(string id)
    {
        using var answer = await GetAsync("/api/v1/llm/models/" + id, TestKeys.Acme);
        var model = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(Uri.UnescapeDataString(id), model.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("mka1-mini-dense")]
    [InlineData("no-such-model")]
    [InlineData("MKA1-MINI")]
    [InlineData("a/b/c:d")]
    public async Task A_model_the_key_may_not_use_looks_like_one_that_does_not_exist(string id)
    {
        using var get = await GetAsync("/api/v1/llm/models/" + id, TestKeys.QuantizedOnly);
        var fromGet = (await get.AssertRefusedAsync(404, "model_not_found", "model")).GetRawText();
        using var post = await gateway.PostAsync(GatewayFixture.Hello(id), TestKeys.QuantizedOnly);
        var fromPost = (await post.AssertRefusedAsync(404, "model_not_found", "model")).GetRawText();
        Assert.Equal(fromGet, fromPost);

        using var unknown = await gateway.PostAsync(GatewayFixture.Hello("nothing"), TestKeys.QuantizedOnly);
        var fromUnknown = (await unknown.AssertRefusedAsync(404)).GetRawText();
        Assert.Equal(fromUnknown.Replace("nothing", id, StringComparison.Ordinal), fromPost);
    }

    [Theory]
    [InlineData("/api/v1/llm/models/")]
    [InlineData("/api/v1/llm/nothing")]
    [InlineData("/api/v1/llm")]
    [InlineData("/")]
    [InlineData("/api/v1/llm/responses/resp_1/nothing")]
    public async Task Addresses_where_nothing_is_answer_in_the_envelope_or_not_at_all(string path)
    {
        using var answer = await GetAsync(path, TestKeys.Acme);
        if (path.EndsWith("models/", StringComparison.Ordinal)) Assert.True(answer.IsSuccessStatusCode);
        else Assert.Equal("Nothing is served at this address. See the API's documentation for what is.", (await answer.AssertRefusedAsync(404, "not_found")).GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("DELETE", "/api/v1/llm/responses", "GET, POST")]
    [InlineData("PUT", "/api/v1/llm/responses", "GET, POST")]
    [InlineData("PUT", "/api/v1/llm/responses/resp_1", "DELETE, GET, POST")]
    [InlineData("GET", "/api/v1/llm/responses/resp_1/cancel", "POST")]
    [InlineData("POST", "/api/v1/llm/responses/resp_1/input_items", "GET")]
    [InlineData("POST", "/api/v1/llm/models", "GET")]
    [InlineData("POST", "/healthz", "GET")]
    [InlineData("DELETE", "/api/v1/llm/models/mka1-mini", "GET")]
    public async Task A_wrong_method_is_405_and_names_the_right_one(string method, string path, string allowed)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new("Bearer", TestKeys.Acme);
        using var answer = await gateway.Client.SendAsync(request);
        await answer.AssertRefusedAsync(405, "method_not_allowed");
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task Probes_are_open_and_say_no_more_than_ok(string path)
    {
        using var answer = await gateway.Client.GetAsync(path);
        Assert.Equal("""{"status":"ok"}""", await answer.Content.ReadAsStringAsync());
        Assert.True(answer.Headers.Contains("x-request-id"));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Readiness_goes_first_when_the_gateway_stops()
    {
        await using var stopping = await GatewayFixture.StartAsync(config => config);
        var answers = new List<(int Status, string Body)>();
        stopping.App.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() =>
        {
            foreach (var path in (string[])["/readyz", "/healthz"])
            {
                using var answer = stopping.Client.GetAsync(path).GetAwaiter().GetResult();
                answers.Add(((int)answer.StatusCode, answer.Content.ReadAsStringAsync().GetAwaiter().GetResult()));
            }
        });
        await stopping.App.StopAsync();
        Assert.Equal([(503, """{"status":"stopping"}"""), (200, """{"status":"ok"}""")], answers);
    }

    [Fact]
    public async Task A_gateway_told_to_stop_serves_on_for_as_long_as_it_was_told_to()
    {
        var clock = new FakeClock();
        await using var stopping = await GatewayFixture.StartAsync(
            config => config with { Limits = config.Limits with { ShutdownDelaySeconds = 5 } }, clock);
        stopping.App.Lifetime.StopApplication();
        var stopped = stopping.App.StopAsync();

        // Each on a connection of its own: the listener is still open.
        foreach (var (path, status) in new[] { ("/readyz", 503), ("/healthz", 200) })
        {
            using var http = new HttpClient();
            using var answer = await http.GetAsync(new Uri(stopping.Client.BaseAddress!, path));
            Assert.Equal(status, (int)answer.StatusCode);
        }

        Assert.False(stopped.IsCompleted);
        await clock.AdvanceUntilAsync(stopped, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_stream_under_way_ends_in_order_when_the_gateway_stops()
    {
        await using var stopping = await GatewayFixture.StartAsync(config => config);
        var goOn = new TaskCompletionSource();
        stopping.Dense.Play(async call =>
        {
            await call.StartAsync();
            foreach (var e in Transcript.Opening()) await call.ChunkAsync(e.ToString());
            await goOn.Task;
            await call.ChunkAsync(Transcript.Delta("Hi", 4) + string.Concat(Transcript.Closing("Hi", 5)));
            await call.EndAsync();
        });
        using var answer = await stopping.OpenAsync(GatewayFixture.Hello(stream: true));
        stopping.App.Lifetime.ApplicationStopping.Register(goOn.SetResult);
        var stopped = stopping.App.StopAsync();
        Assert.Equal("Hi", StrictClient.Follow(Wire.Events(await answer.Content.ReadAsStringAsync().Soon())).OutputText);
        await stopped.Soon();
        Assert.False(Assert.Single(stopping.Ledger.Rows()).Estimated);
    }

    [Fact]
    public async Task A_pool_without_a_living_server_is_503_while_others_serve()
    {
        using var dead = new DeadPort();
        await using var half = await GatewayFixture.StartAsync(config => config with
        {
            Pools = config.Pools.ToDictionary(p => p.Key, p => p.Key == "dense"
                ? p.Value with { Destinations = new Dictionary<string, DestinationConfig> { ["dead"] = new() { Address = dead.Address } } }
                : p.Value),
        });
        using var down = await half.PostAsync(GatewayFixture.Hello("mka1-mini-dense"));
        await down.AssertRefusedAsync(503, "no_backend_available");
        Assert.NotNull(down.Headers.RetryAfter);
        using var up = await half.PostAsync(GatewayFixture.Hello("mka1-mini-moe"));
        Assert.True(up.IsSuccessStatusCode);
        Assert.Equal("mka1-mini-moe", Assert.Single(half.Ledger.Rows()).Model);
    }

    private Task<HttpResponseMessage> GetAsync(string path, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", key);
        return gateway.Client.SendAsync(request);
    }
}
