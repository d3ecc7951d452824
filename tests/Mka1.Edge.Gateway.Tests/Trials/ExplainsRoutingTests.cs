using System.Net;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests.Trials;

/// <summary>Promise: operators are told where a request would go and why, by the stage that routes requests, and nothing else happens.</summary>
public sealed class ExplainsRoutingTests : IAsyncLifetime, IDisposable
{
    private const string Simple = "Summarize this in one sentence: the cat sat on the mat.";

    private readonly CandidateWeights _weights = new();
    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync(config =>
    {
        var trial = TrialConfig.With(config, new CanaryConfig { Pool = "moe", Percent = 100 }, new ShadowConfig { Pool = "quantized", Percent = 10 });
        return trial with { Routing = trial.Routing with { Candidate = new CandidateConfig { Weights = _weights.Path } } };
    });

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    public void Dispose() => _weights.Dispose();

    [Fact]
    public async Task It_names_the_tier_its_score_its_signals_and_the_pool()
    {
        var told = await ExplainAsync($$"""{"model":"mka1-mini","auto_routing":true,"max_output_tokens":64,"input":"{{Simple}}"}""");
        Assert.Equal(("routed", true, false), (told.GetProperty("decision").GetString(), told.GetProperty("auto_routing").GetBoolean(), told.GetProperty("history_left_out").GetBoolean()));
        var route = told.GetProperty("route");
        Assert.Equal(
            ("mka1-mini-quantized", "quantized", "main", "quantized", true),
            (Text(route, "variant"), Text(route, "tier"), Text(route, "arm"), Text(route, "pool"), route.GetProperty("reachable").GetBoolean()));
        var complexity = told.GetProperty("complexity");
        Assert.Equal((-3, -0.5, 3.5), (complexity.GetProperty("score").GetInt32(), complexity.GetProperty("moe_from").GetDouble(), complexity.GetProperty("dense_from").GetDouble()));
        Assert.Equal(["short prompt", "simple transform task"], complexity.GetProperty("signals").EnumerateArray().Select(signal => Text(signal, "reason")));
        Assert.Equal((Simple.Length, 64), (told.GetProperty("features").GetProperty("prompt_characters").GetInt32(), told.GetProperty("features").GetProperty("max_output_tokens").GetInt32()));
        Assert.Equal((CandidateWeights.Version, "quantized", true), (Text(told.GetProperty("candidate"), "weights"), Text(told.GetProperty("candidate"), "tier"), told.GetProperty("candidate").GetProperty("agrees").GetBoolean()));
        Assert.DoesNotContain("the cat", told.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_names_the_arm_that_the_caller_would_go_by()
    {
        var route = (await ExplainAsync("""{"model":"mka1-mini","input":"hi"}""", "?tenant=acme&end_user=alice")).GetProperty("route");
        Assert.Equal(("mka1-mini-dense", "canary", "moe"), (Text(route, "variant"), Text(route, "arm"), Text(route, "pool")));
    }

    [Fact]
    public async Task It_says_what_a_client_would_be_refused_for()
    {
        var told = await ExplainAsync("""{"model":"mka1-mini-quantized","tools":[{"type":"web_search"}],"input":"hi"}""");
        Assert.Equal(("refused", "unsupported_tool", "tools[0].type"), (Text(told, "decision"), Text(told.GetProperty("refusal"), "code"), Text(told.GetProperty("refusal"), "param")));
        Assert.False(told.TryGetProperty("route", out _));
    }

    [Fact]
    public async Task A_key_that_may_not_use_a_model_is_told_apart_from_one_that_may()
    {
        const string body = """{"model":"mka1-mini","input":"hi"}""";
        Assert.Equal("routed", Text(await ExplainAsync(body, "?tenant=acme&key=main"), "decision"));
        var told = await ExplainAsync(body, "?tenant=acme&key=quantized-only");
        Assert.Equal(("refused", "model_not_found"), (Text(told, "decision"), Text(told.GetProperty("refusal"), "code")));
    }

    [Theory]
    [InlineData("", "", 400, null)]
    [InlineData("""{"input":"hi"}""", "", 400, "model")]
    [InlineData("""{"model":"m","input":"hi","temperature":"hot"}""", "", 400, "temperature")]
    [InlineData("""{"model":"m","model":"m","input":"hi"}""", "", 400, null)]
    [InlineData("""{"model":"m","input":"hi"}""", "?key=main", 400, "tenant")]
    [InlineData("""{"model":"m","input":"hi"}""", "?tenant=acme&key=nobody", 400, "key")]
    public async Task What_is_wrong_with_the_question_is_said_as_clients_are_told(string body, string query, int status, string? param)
    {
        using var client = Operator.Client(_gateway);
        using var answer = await client.PostAsync("/admin/v1/routing/explain" + query, new StringContent(body, Encoding.UTF8, "application/json"));
        await answer.AssertRefusedAsync(status, param: param);
    }

    [Fact]
    public async Task Nothing_else_comes_of_it()
    {
        await ExplainAsync("""{"model":"mka1-mini","auto_routing":true,"input":"canary-prompt what is the name of the city?"}""", "?tenant=acme&end_user=canary-user");
        Assert.Equal(0, _gateway.UpstreamCalls);
        Assert.Empty(_gateway.Ledger.Rows());
        Assert.DoesNotContain(_gateway.Log.Lines, line => line.Text.Contains("canary-", StringComparison.Ordinal));
        Assert.Equal(0, (await TrialConfig.ReadAsync(_gateway, "/admin/v1/routing/candidate")).GetProperty("requests").GetInt32());
    }

    [Fact]
    public async Task It_is_the_operators_alone()
    {
        using var client = Operator.Client(_gateway, TestKeys.Acme);
        foreach (var path in new[] { "/admin/v1/canaries", "/admin/v1/routing/candidate" })
        {
            using var answer = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        using var asked = await client.PostAsync("/admin/v1/routing/explain", new StringContent("{}", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
    }

    private async Task<JsonElement> ExplainAsync(string body, string query = "")
    {
        using var client = Operator.Client(_gateway);
        using var answer = await client.PostAsync("/admin/v1/routing/explain" + query, new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
