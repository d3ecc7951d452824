using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Routing;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Gateway.Trials;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests.Trials;

/// <summary>Promise: a candidate's weights judge along and change nothing; operators see where they differ, and no word of what was asked.</summary>
public sealed class WeighsCandidatesTests : IDisposable
{
    private const string Question = "What is the name of the capital city of France?";

    private readonly CandidateWeights _weights = new();

    public void Dispose() => _weights.Dispose();

    [Fact]
    public async Task Where_they_differ_is_listed_and_nobody_acts_on_it()
    {
        await using var without = await GatewayFixture.StartAsync(config => config);
        var tier = await RouteAsync(without, Question, "first");
        Assert.NotEqual("mka1-mini-dense", tier);

        await using var gateway = await StartAsync();
        Assert.Equal(tier, await RouteAsync(gateway, Question, "differ-1"));
        Assert.Equal("mka1-mini-quantized", await RouteAsync(gateway, "Summarize this: the cat sat.", "agree-1"));

        var report = await TrialConfig.ReadAsync(gateway, "/admin/v1/routing/candidate");
        Assert.Equal(CandidateWeights.Version, report.GetProperty("candidate").GetString());
        Assert.Equal((2, 1), (report.GetProperty("requests").GetInt32(), report.GetProperty("agreed").GetInt32()));
        var difference = Assert.Single(report.GetProperty("disagreements").EnumerateArray());
        Assert.Equal("differ-1", difference.GetProperty("request_id").GetString());
        Assert.Equal("dense", difference.GetProperty("candidate").GetProperty("tier").GetString());
        Assert.True(difference.GetProperty("candidate").GetProperty("level").GetDouble() > difference.GetProperty("current").GetProperty("level").GetDouble());
        Assert.NotEmpty(difference.GetProperty("candidate").GetProperty("reasons").EnumerateArray());
        Assert.Equal(Question.Length, difference.GetProperty("features").GetProperty("prompt_characters").GetInt32());
        Assert.DoesNotContain("France", report.GetRawText(), StringComparison.Ordinal);

        var scrape = await Scrape.OfAsync(gateway);
        Assert.Equal(1, scrape.Sum("mka1_edge_routing_candidate_decisions_total", ("mka1_edge_routing_tier", tier["mka1-mini-".Length..]), ("mka1_edge_routing_candidate_tier", "dense")));
    }

    [Fact]
    public async Task The_last_hundred_are_kept()
    {
        await using var gateway = await StartAsync();
        for (var n = 0; n < 105; n++) await RouteAsync(gateway, Question, $"request-{n}");
        var listed = (await TrialConfig.ReadAsync(gateway, "/admin/v1/routing/candidate")).GetProperty("disagreements").EnumerateArray().ToArray();
        Assert.Equal(100, listed.Length);
        Assert.Equal(("request-104", "request-5"), (listed[0].GetProperty("request_id").GetString(), listed[^1].GetProperty("request_id").GetString()));
    }

    [Fact]
    public async Task Without_a_candidate_there_is_nothing_to_tell()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config with { Admin = Operator.Config });
        await RouteAsync(gateway, Question, "alone");
        var report = await TrialConfig.ReadAsync(gateway, "/admin/v1/routing/candidate");
        Assert.False(report.TryGetProperty("candidate", out _));
        Assert.Equal(0, report.GetProperty("requests").GetInt32());
    }

    [Fact]
    public async Task A_candidate_comes_and_goes_with_the_configuration_and_counts_anew()
    {
        await using var gateway = await StartAsync();
        var candidate = gateway.App.Services.GetRequiredService<RoutingCandidate>();
        var config = gateway.App.Services.GetRequiredService<EdgeConfiguration>().Current.Config;
        await RouteAsync(gateway, Question, "before");

        var broken = config with { Routing = config.Routing with { Candidate = new CandidateConfig { Weights = "/no/such/file" } } };
        Assert.Throws<EdgeConfigException>(() => candidate.Prepare(EdgeSnapshot.Build(broken)));
        Assert.Equal(CandidateWeights.Version, candidate.Current!.Classifier.Version);
        Assert.Equal(1, (await TrialConfig.ReadAsync(gateway, "/admin/v1/routing/candidate")).GetProperty("requests").GetInt32());

        candidate.Prepare(EdgeSnapshot.Build(config with { Routing = new RoutingConfig() }))();
        Assert.Null(candidate.Current);
        Assert.Equal(0, (await TrialConfig.ReadAsync(gateway, "/admin/v1/routing/candidate")).GetProperty("requests").GetInt32());

        candidate.Prepare(EdgeSnapshot.Build(config))();
        Assert.Equal(CandidateWeights.Version, candidate.Current!.Classifier.Version);
        Assert.NotEqual(CandidateWeights.Version, gateway.App.Services.GetRequiredService<RoutingModels>().Current.Classifier.Version);
    }

    [Fact]
    public async Task Weights_that_cannot_be_used_are_a_fault_of_the_configuration()
    {
        var fault = await Assert.ThrowsAsync<EdgeConfigException>(() => GatewayFixture.StartAsync(config => config with
        {
            Routing = new RoutingConfig { Candidate = new CandidateConfig { Weights = "/no/such/file" } },
        }));
        Assert.Contains("routing.candidate.weights", fault.Message, StringComparison.Ordinal);
    }

    private Task<GatewayFixture> StartAsync() => GatewayFixture.StartAsync(config => config with
    {
        Admin = Operator.Config,
        Routing = new RoutingConfig { Candidate = new CandidateConfig { Weights = _weights.Path } },
    });

    private static async Task<string> RouteAsync(GatewayFixture gateway, string prompt, string requestId)
    {
        foreach (var server in new[] { gateway.Quantized, gateway.Moe, gateway.Dense }) server.Script = Scripts.Completed("x");
        using var request = GatewayFixture.Create($$"""{"model":"mka1-mini","auto_routing":true,"store":false,"input":{{JsonSerializer.Serialize(prompt)}}}""");
        request.Headers.Add("x-request-id", requestId);
        using var answer = await gateway.Client.SendAsync(request);
        await gateway.SettledAsync(requestId);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("metadata").GetProperty("routed_model").GetString()!;
    }
}
