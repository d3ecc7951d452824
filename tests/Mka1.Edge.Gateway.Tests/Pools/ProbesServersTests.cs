using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests.Pools;

/// <summary>Promise: probes ask for nothing that generates, find a server that is gone or hangs, and free what waits there.</summary>
public sealed class ProbesServersTests
{
    private static readonly ActiveHealthConfig Often = new() { IntervalSeconds = 0.1, TimeoutSeconds = 5, UnhealthyAfter = 1 };

    [Fact]
    public async Task A_probe_is_a_GET_of_the_health_path_with_our_credential_and_nothing_else_is_sent()
    {
        await using var bench = await StartAsync();
        await WaitForProbesAsync(bench.One, 20);
        Assert.All(bench.One.Probes, probe =>
        {
            Assert.StartsWith("GET /health HTTP/1.1\r\n", probe.Head, StringComparison.Ordinal);
            Assert.Empty(probe.Body);
            Assert.Equal([$"Bearer {GatewayFixture.UpstreamApiKey}"], probe.Headers["Authorization"]);
        });
        Assert.Equal(0, bench.Gateway.UpstreamCalls);
        await bench.UntilAsync("one", "available");
        Assert.Equal("well", (await bench.SeenAsync("one")).GetProperty("probe").GetString());
    }

    [Fact]
    public async Task A_server_whose_probes_fail_gets_no_request_until_they_succeed()
    {
        await using var bench = await StartAsync();
        bench.One.Health = Scripts.Json("{}", 503);
        await bench.UntilAsync("one", "unwell");
        Assert.Empty(await bench.LoadAsync(20));
        Assert.Empty(bench.One.Calls);

        bench.One.Health = Scripts.Json("{}");
        await bench.UntilAsync("one", "available");
        Assert.Empty(await bench.LoadAsync(20));
        Assert.NotEmpty(bench.One.Calls);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(401)]
    public async Task A_server_that_has_no_health_path_is_taken_to_be_well(int status)
    {
        await using var bench = await StartAsync();
        bench.One.Health = Scripts.Json("{}", status);
        await WaitForProbesAsync(bench.One, bench.One.Probes.Count + 5);
        Assert.Equal("available", (await bench.SeenAsync("one")).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("hangs")]
    [InlineData("says that it is unwell")]
    public async Task What_waits_for_its_first_byte_goes_to_another_server_when_its_own(string does)
    {
        // The first token may take two minutes: it is the probes that find out.
        await using var bench = await StartAsync(Often with { TimeoutSeconds = does == "hangs" ? 2 : 5 });
        bench.One.Play(Scripts.Silence);
        var load = bench.LoadAsync(16);
        await bench.One.NextCallAsync();
        while (bench.Two.Calls.Count < 8) await Task.Delay(10);
        var stuck = bench.One.Calls;
        bench.One.Health = does == "hangs" ? Scripts.Silence : Scripts.Json("{}", 500);
        Assert.Empty(await load.Soon());
        foreach (var call in stuck) await call.Aborted.Soon();
    }

    [Fact]
    public async Task When_no_server_is_well_by_its_probes_one_is_tried_all_the_same()
    {
        await using var bench = await StartAsync();
        bench.One.Health = bench.Two.Health = Scripts.Json("{}", 500);
        await bench.UntilAsync("one", "unwell");
        await bench.UntilAsync("two", "unwell");
        using var answer = await bench.SayAsync();
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(1, bench.One.Calls.Count + bench.Two.Calls.Count);
    }

    private static Task<PoolBench> StartAsync(ActiveHealthConfig? active = null) => PoolBench.StartAsync(pool => pool with { Health = pool.Health with { Active = active ?? Often } });

    private static async Task WaitForProbesAsync(ScriptedUpstream server, int count)
    {
        using var patience = new CancellationTokenSource(Patience.Long);
        while (server.Probes.Count < count) await Task.Delay(20, patience.Token);
    }
}
