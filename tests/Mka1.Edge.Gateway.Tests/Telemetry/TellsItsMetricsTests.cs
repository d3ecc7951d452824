using System.Diagnostics.Metrics;
using System.Net;
using System.Text.RegularExpressions;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests.Telemetry;

/// <summary>Promise: what a gateway tells of itself is written down whole, is bounded, and is told to operators alone.</summary>
public sealed partial class TellsItsMetricsTests
{
    private const int Tenants = 10_000;

    [Fact]
    public async Task The_page_lists_every_instrument_with_its_kind_unit_and_labels_and_no_other()
    {
        using var weights = new CandidateWeights();
        await using var gateway = await GatewayFixture.StartAsync(config => OneOfEverything(config, weights.Path));
        var units = Units(gateway);
        await UseAsync(gateway);
        var scrape = await Scrape.UntilAsync(gateway, s => s.Sum("mka1_edge_shadow_duration_seconds_count") >= 1);

        var written = Row().Matches(RepositoryFile.Read("gateway/METRICS.md")).Select(row => (
            Name: row.Groups["name"].Value, Kind: row.Groups["kind"].Value, Unit: row.Groups["unit"].Value,
            Labels: Label().Matches(row.Groups["labels"].Value).Select(label => Plain(label.Groups["name"].Value)).Order(StringComparer.Ordinal).ToArray())).ToList();
        Assert.Equal(written.Select(row => Exposed(row.Name, row.Kind, row.Unit)).Order(StringComparer.Ordinal), scrape.Types.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, kind, unit, labels) in written)
        {
            var exposed = Exposed(name, kind, unit);
            Assert.Equal((name, kind), (name, scrape.Types[exposed]));
            Assert.True(unit == units.GetValueOrDefault(name, "–"), $"{name} is in {units.GetValueOrDefault(name)}, not in {unit}.");
            Assert.True(labels.SequenceEqual(scrape.LabelsOf(exposed)), $"{name} has the labels {string.Join(", ", scrape.LabelsOf(exposed))}.");
        }
    }

    [Fact]
    public async Task Ten_thousand_tenants_and_as_many_made_up_names_and_ids_add_no_series()
    {
        var keys = Enumerable.Range(0, Tenants).Select(_ => ApiKeyFormat.Create()).ToArray();
        await using var gateway = await GatewayFixture.StartAsync(config => config with
        {
            Admin = Operator.Config,
            Tenants = config.Tenants.Concat(keys.Select((key, n) => KeyValuePair.Create($"tenant-{n}", new TenantConfig
            {
                Keys = new Dictionary<string, KeyConfig> { ["main"] = new() { Hash = ApiKeyFormat.HashText(key) } },
            }))).ToDictionary(),
        });
        for (var n = 0; n < 8; n++) await AskAsync(gateway, keys[n], n);
        var before = await Scrape.UntilAsync(gateway, s => s.Sum("gen_ai_server_request_duration_seconds_count") == 4);

        await Parallel.ForAsync(8, Tenants, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, _) => await AskAsync(gateway, keys[n], n));
        var after = await Scrape.UntilAsync(gateway, s => s.Sum("gen_ai_server_request_duration_seconds_count") == Tenants / 2);

        Assert.Equal(before.Samples.Count, after.Samples.Count);
        Assert.Equal(Tenants / 4, after.Sum("mka1_edge_refusals_total", ("error_type", "model_not_found")));
        Assert.Equal(Tenants / 4, after.Sum("mka1_edge_refusals_total", ("error_type", "invalid_api_key")));
        Assert.DoesNotContain(after.Samples, sample => sample.Labels.Values.Any(value => value.Contains("tenant-", StringComparison.Ordinal) || value.Contains("made-up", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Clients_are_told_nothing_and_operators_need_no_key_for_it()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config with { Admin = Operator.Config });
        using var client = Operator.Client(gateway, null);
        using var answer = await client.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());

        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {TestKeys.Acme}");
        using var refused = await gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task Two_gateways_of_one_process_tell_of_themselves_only()
    {
        await using var one = await GatewayFixture.StartAsync(config => config with { Admin = Operator.Config });
        await using var other = await GatewayFixture.StartAsync(config => config with { Admin = Operator.Config });
        using var answer = await one.PostAsync(GatewayFixture.Hello(extra: "\"store\":false"));
        await Scrape.UntilAsync(one, s => s.Sum("gen_ai_server_request_duration_seconds_count") == 1);
        Assert.Equal(0, (await Scrape.OfAsync(other)).Sum("gen_ai_server_request_duration_seconds_count"));
    }

    [Fact]
    public async Task What_a_configuration_no_longer_names_has_no_series()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config with
        {
            Admin = Operator.Config,
            Pools = config.Pools.Append(KeyValuePair.Create("spare", config.Pools["dense"])).ToDictionary(),
        });
        var configuration = gateway.App.Services.GetRequiredService<EdgeConfiguration>();
        var first = configuration.Current;
        var before = await Scrape.OfAsync(gateway);
        Assert.Equal(1, before.Sum("mka1_edge_destination_available", ("mka1_edge_pool", "spare")));

        var next = EdgeSnapshot.Build(first.Config with { Pools = first.Config.Pools.Where(pool => pool.Key != "spare").ToDictionary() }, first);
        await gateway.App.Services.GetRequiredService<PoolDirectory>().ApplyAsync(next, CancellationToken.None);
        configuration.Publish(next);
        var after = await Scrape.OfAsync(gateway);
        Assert.DoesNotContain(after.Samples, sample => sample.Labels.GetValueOrDefault("mka1_edge_pool") == "spare");
        Assert.Equal(1, after.Sum("mka1_edge_destination_available", ("mka1_edge_pool", "dense")));
        Assert.NotEqual(first.Version, next.Version);
        Assert.Equal(next.Version, Assert.Single(after.Samples, sample => sample.Name == "mka1_edge_config_info").Labels["mka1_edge_config_version"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_overhead_is_what_is_left_without_the_wait_for_the_model_server(bool stream)
    {
        var clock = new FakeClock();
        await using var gateway = await GatewayFixture.StartAsync(config => config with { Admin = Operator.Config }, clock);
        gateway.Dense.Play(async call =>
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            if (!stream)
            {
                await Scripts.Completed("Hello")(call);
                return;
            }

            await call.StartAsync();
            foreach (var e in Transcript.Text("Hel", "lo"))
            {
                await call.ChunkAsync(e.ToString());
                if (e.Name == "response.output_text.delta") clock.Advance(TimeSpan.FromSeconds(1));
            }

            await call.EndAsync();
        });
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(stream: stream, extra: "\"store\":false"));
        await answer.Content.ReadAsStringAsync();
        var scrape = await Scrape.UntilAsync(gateway, s => s.Sum("mka1_edge_overhead_seconds_count") == 1);
        Assert.True(scrape.Sum("gen_ai_server_request_duration_seconds_sum") >= 5);
        Assert.True(scrape.Sum("mka1_edge_overhead_seconds_sum") <= (stream ? 2 : 0), $"{scrape.Sum("mka1_edge_overhead_seconds_sum")} s");
    }

    [Fact]
    public async Task Runs_and_streams_are_counted_while_they_last()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config with { Admin = Operator.Config });
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Dense.Play(async call =>
        {
            await call.StartAsync();
            foreach (var e in Transcript.Opening()) await call.ChunkAsync(e.ToString());
            await go.Task;
            foreach (var e in Transcript.Deltas("Hello").Concat(Transcript.Closing("Hello", 5))) await call.ChunkAsync(e.ToString());
            await call.EndAsync();
        });
        using var plain = await gateway.OpenAsync(GatewayFixture.Hello(stream: true, extra: "\"store\":false"));
        using var stored = await gateway.OpenAsync(GatewayFixture.Hello(stream: true));
        var during = await Scrape.OfAsync(gateway);
        Assert.Equal((2, 2), (during.Sum("mka1_edge_runs_active"), during.Sum("mka1_edge_streams_open")));

        go.SetResult();
        await plain.Content.ReadAsStringAsync();
        await stored.Content.ReadAsStringAsync();
        await Scrape.UntilAsync(gateway, s => s.Sum("mka1_edge_runs_active") == 0 && s.Sum("mka1_edge_streams_open") == 0);
    }

    private static EdgeConfig OneOfEverything(EdgeConfig config, string weights)
    {
        var family = config.Families[GatewayFixture.Family];
        var variants = family.Variants.ToDictionary();
        variants["dense"] = variants["dense"] with { Canary = new CanaryConfig { Pool = "moe", Percent = 100 } };
        variants["moe"] = variants["moe"] with { Shadow = new ShadowConfig { Pool = "quantized", Percent = 100 } };
        return config with
        {
            Admin = Operator.Config,
            Families = new Dictionary<string, FamilyConfig> { [GatewayFixture.Family] = family with { Variants = variants } },
            Routing = config.Routing with { Candidate = new CandidateConfig { Weights = weights } },
        };
    }

    /// <summary>Moves every instrument at least once.</summary>
    private static async Task UseAsync(GatewayFixture gateway)
    {
        foreach (var server in new[] { gateway.Quantized, gateway.Moe, gateway.Dense }) server.Play(Scripts.Completed("Hel", "lo"));
        await gateway.StreamAsync("\"store\":false,\"auto_routing\":true");
        await gateway.StreamAsync("\"store\":false");
        await gateway.StreamAsync("\"store\":false", model: "mka1-mini-moe");
        using var unknown = await gateway.PostAsync(GatewayFixture.Hello("no-such-model"));
        for (var n = 0; n < 6; n++) (await gateway.PostAsync(GatewayFixture.Hello(extra: "\"store\":false"), TestKeys.FiveADay)).Dispose();
        gateway.Moe.Play(Scripts.Json("{}", 500));
        using var failed = await gateway.PostAsync(GatewayFixture.Hello("mka1-mini-moe", extra: "\"store\":false"));

        // What takes a store that is away, or another replica, to happen.
        var metrics = gateway.App.Services.GetRequiredService<EdgeMetrics>();
        metrics.StoreFailed("redis");
        metrics.RunTakenOver();
        metrics.WebhookAttempted(WebhookState.Delivered);

        // What takes a pool of several servers.
        var pools = gateway.App.Services.GetRequiredService<PoolMetrics>();
        pools.Ejected("dense", "one");
        pools.Moved("dense", "one", 1);
        pools.Retried("dense", allowed: true);
        pools.Retried("dense", allowed: false);
    }

    private static async Task AskAsync(GatewayFixture gateway, string key, int n)
    {
        using var request = (n % 4) switch
        {
            0 => GatewayFixture.Create(GatewayFixture.Hello(extra: $"\"store\":false,\"user\":\"tenant-user-{n}\",\"safety_identifier\":\"made-up-{n}\",\"prompt_cache_key\":\"made-up-{n}\""), key),
            1 => GatewayFixture.Create(GatewayFixture.Hello($"made-up-{n}", extra: "\"store\":false"), key),
            2 => new HttpRequestMessage(HttpMethod.Get, $"/api/v1/llm/responses/resp_{n:x32}") { Headers = { { "Authorization", $"Bearer {key}" } } },
            _ => GatewayFixture.Create(GatewayFixture.Hello(), ApiKeyFormat.Create()),
        };
        request.Headers.Add("x-request-id", $"made-up-{n}");
        if (n % 4 < 3) request.Headers.Add("X-On-Behalf-Of", $"made-up-{n}");
        using var answer = await gateway.Client.SendAsync(request);
    }

    private static Dictionary<string, string> Units(GatewayFixture gateway)
    {
        var factory = gateway.App.Services.GetRequiredService<IMeterFactory>();
        var units = new Dictionary<string, string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == EdgeMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, factory)) units.Add(instrument.Name, instrument.Unit!);
            },
        };
        listener.Start();
        return units;
    }

    private static string Exposed(string name, string kind, string unit) =>
        Plain(name) + (unit == "s" ? "_seconds" : "") + (kind == "counter" ? "_total" : "");

    private static string Plain(string name) => name.Replace('.', '_');

    [GeneratedRegex(@"^\| `(?<name>[a-z0-9_.]+)` \| (?<kind>histogram|gauge|counter) \| (?<unit>\S+) \| (?<labels>[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[a-z0-9_.]+)`")]
    private static partial Regex Label();
}
