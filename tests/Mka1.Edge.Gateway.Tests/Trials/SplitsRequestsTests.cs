using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Gateway.Trials;
using Mka1.Edge.Policies.Canary;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests.Trials;

/// <summary>Promise: a share of a variant's callers is served by the pool on trial, always the same ones, and operators see how both sides do.</summary>
public sealed class SplitsRequestsTests
{
    private const int Callers = 200;

    [Fact]
    public async Task Callers_are_split_by_the_share_and_stay_where_they_are()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => TrialConfig.With(
            config, new CanaryConfig { Pool = "moe", UpstreamModel = "dense-on-trial", Percent = 30 }));
        gateway.Dense.Play(Scripts.Completed("own"));
        gateway.Moe.Play(Scripts.Completed("trial"));
        var first = await RoundAsync(gateway);
        var second = await RoundAsync(gateway);

        Assert.Equal(first, second);
        var taken = first.Count(text => text == "trial");
        Assert.InRange(taken, Callers * 0.15, Callers * 0.45);
        Assert.All(gateway.Moe.Calls, call => Assert.Equal("dense-on-trial", call.Json.GetProperty("model").GetString()));

        var report = await TrialConfig.UntilAsync(gateway, "canaries", r => r.Number("main", "requests") + r.Number("trial", "requests") == 2 * Callers);
        Assert.Equal(("mka1-mini-dense", 30, "caller"), (report.GetProperty("model").GetString(), report.GetProperty("percent").GetInt32(), report.GetProperty("by").GetString()));
        Assert.Equal(2 * taken, report.Number("trial", "requests"));
        Assert.Equal((2 * taken * 8, 2 * taken * 7), (report.Number("trial", "input_tokens"), report.Number("trial", "output_tokens")));
        Assert.Equal("moe", report.GetProperty("trial").GetProperty("pool").GetString());
        foreach (var side in new[] { "main", "trial" })
        {
            Assert.Equal(0, report.Number(side, "errors"));
            var times = report.GetProperty(side).GetProperty("duration");
            Assert.InRange(times.GetProperty("p50").GetDouble(), 1e-5, times.GetProperty("p99").GetDouble());
        }

        // Both are billed as the variant that the client asked for.
        Assert.All(gateway.Ledger.Rows(), row => Assert.Equal("mka1-mini-dense", row.Model));
        Assert.Equal(2 * Callers, gateway.Ledger.Rows().Count);
    }

    [Fact]
    public async Task A_pool_on_trial_that_fails_is_seen_on_its_side_alone()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => TrialConfig.With(config, new CanaryConfig { Pool = "moe", Percent = 100 }));
        gateway.Moe.Play(Scripts.Json("{}", 500));
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"store\":false"));
        await answer.AssertRefusedAsync(502);
        var report = await TrialConfig.UntilAsync(gateway, "canaries", r => r.Number("trial", "requests") == 1);
        Assert.Equal((1, 0, 0), (report.Number("trial", "errors"), report.Number("main", "requests"), report.Number("main", "errors")));
    }

    [Fact]
    public async Task Once_the_pool_on_trial_cannot_be_reached_its_callers_are_served_as_before()
    {
        using var nobody = new DeadPort();
        await using var gateway = await GatewayFixture.StartAsync(config => TrialConfig.With(config, new CanaryConfig { Pool = "trial", Percent = 100 }) with
        {
            Pools = config.Pools.Append(KeyValuePair.Create("trial", new PoolConfig
            {
                Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = nobody.Address } },
            })).ToDictionary(),
        });
        gateway.Dense.Play(Scripts.Completed("own"));
        var served = false;
        for (var n = 0; n < 50 && !served; n++)
        {
            using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"store\":false"));
            served = answer.IsSuccessStatusCode;
        }

        Assert.True(served);
        var report = await TrialConfig.UntilAsync(gateway, "canaries", r => r.GetProperty("fallbacks").GetInt64() == 1);
        Assert.Equal((1, report.Number("trial", "requests")), (report.Number("main", "requests"), report.Number("trial", "errors")));
    }

    [Fact]
    public async Task A_conversation_keeps_its_side()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => TrialConfig.With(
            config, new CanaryConfig { Pool = "moe", Percent = 50, By = CanaryKey.Conversation }));
        gateway.Dense.Play(Scripts.Completed("own"));
        gateway.Moe.Play(Scripts.Completed("trial"));
        var sides = new List<string>();
        for (var n = 0; n < 24; n++)
        {
            var texts = new HashSet<string>();
            for (var i = 0; i < 2; i++) texts.Add(await TextAsync(gateway, $"\"prompt_cache_key\":\"talk-{n}\"", $"user-{n}"));
            sides.Add(Assert.Single(texts));
        }

        Assert.Equal(["own", "trial"], sides.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Figures_begin_anew_when_an_operator_says_so()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => TrialConfig.With(config, new CanaryConfig { Pool = "moe", Percent = 100 }));
        gateway.Moe.Play(Scripts.Completed("trial"));
        await TextAsync(gateway, "\"store\":false", "user");
        await TrialConfig.UntilAsync(gateway, "canaries", r => r.Number("trial", "requests") == 1);
        using var client = Operator.Client(gateway);
        using var reset = await client.PostAsync("/admin/v1/canaries/reset", null);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, reset.StatusCode);
        await TrialConfig.UntilAsync(gateway, "canaries", r => r.Number("trial", "requests") == 0);
    }

    [Fact]
    public async Task Figures_of_a_pool_that_is_no_longer_on_trial_are_forgotten()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => TrialConfig.With(config, new CanaryConfig { Pool = "moe", Percent = 100 }));
        var configuration = gateway.App.Services.GetRequiredService<EdgeConfiguration>();
        var (first, board) = (configuration.Current, gateway.App.Services.GetRequiredService<TrialBoard>());
        var rule = first.Catalog.Variants.Select(variant => variant.Canary).OfType<CanaryRule>().Single();
        board.Of(rule).FellBack();

        // The same pool with another share goes on counting.
        configuration.Publish(EdgeSnapshot.Build(TrialConfig.With(first.Config, new CanaryConfig { Pool = "moe", Percent = 50 })));
        Assert.Equal(1, board.Of(rule).Fallbacks);
        configuration.Publish(EdgeSnapshot.Build(TrialConfig.With(first.Config, new CanaryConfig { Pool = "quantized", Percent = 50 })));
        Assert.Equal(0, board.Of(rule).Fallbacks);
    }

    private static async Task<string[]> RoundAsync(GatewayFixture gateway)
    {
        var texts = new string[Callers];
        await Parallel.ForAsync(0, Callers, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, _) => texts[n] = await TextAsync(gateway, "\"store\":false", $"user-{n}"));
        return texts;
    }

    private static async Task<string> TextAsync(GatewayFixture gateway, string extra, string endUser)
    {
        var body = await new ApiClient(gateway, TestKeys.Acme, endUser).CallAsync("POST", "/responses", GatewayFixture.Hello(extra: extra));
        return body.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString()!;
    }
}
