using System.Net;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Balancing;

namespace Mka1.Edge.Gateway.Tests.Pools;

/// <summary>Promise: requests go where there is least to do, those that belong together to one server, and none where an operator wants none.</summary>
public sealed class BalancesLoadTests
{
    [Theory]
    [InlineData("TEXT named_metrics.num_requests_waiting=3, named_metrics.num_requests_running=5,named_metrics.kv_cache_usage_perc=0.4", 3, 5, 0.4)]
    [InlineData("TEXT cpu_utilization=0.5,named_metrics.num_requests_waiting=2", 2, 0, null)]
    [InlineData("""JSON {"cpu_utilization":0.5,"named_metrics":{"num_requests_running":7,"other":1}}""", 0, 7, null)]
    public void A_load_report_is_read_in_both_its_forms(string header, double queued, double active, double? cache) =>
        Assert.Equal((queued, active, cache), Read(header));

    [Theory]
    [InlineData("TEXT")]
    [InlineData("TEXT named_metrics.num_requests_waiting=-3")]
    [InlineData("TEXT named_metrics.num_requests_waiting=NaN")]
    [InlineData("TEXT num_requests_waiting=3")]
    [InlineData("TEXT ====,,,,named_metrics.=")]
    [InlineData("JSON {")]
    [InlineData("JSON []")]
    [InlineData("""JSON {"named_metrics":{"num_requests_waiting":"3"}}""")]
    [InlineData("BIN AAAA")]
    [InlineData("nonsense")]
    public void A_report_without_sense_is_none(string header) => Assert.Null(Read(header));

    [Fact]
    public async Task A_server_that_says_others_wait_there_gets_nothing_while_another_is_idle_and_no_client_hears_of_it()
    {
        await using var bench = await PoolBench.StartAsync();
        bench.One.Play(Scripts.Json(Transcript.Response(PoolBench.Text), headers: "endpoint-load-metrics: TEXT named_metrics.num_requests_waiting=9, named_metrics.num_requests_running=4\r\n"));
        (await bench.DrainAsync("two")).Dispose();
        using (var first = await bench.SayAsync()) Assert.False(first.Headers.Contains(LoadReportHeader.Name));
        (await bench.DrainAsync("two", drain: false)).Dispose();
        var load = (await bench.SeenAsync("one")).GetProperty("load");
        Assert.Equal((9, 4), (load.GetProperty("queued").GetInt32(), load.GetProperty("active").GetInt32()));
        Assert.Equal(["TEXT"], bench.One.Calls[0].Headers[LoadReportHeader.FormatName]);
        Assert.Empty(await bench.LoadAsync(20, atOnce: 2));
        Assert.Single(bench.One.Calls);
    }

    [Fact]
    public async Task Requests_with_one_prompt_cache_key_meet_at_one_server_and_keys_are_spread()
    {
        await using var bench = await PoolBench.StartAsync();
        for (var key = 0; key < 20; key++)
        {
            bench.One.Play(bench.One.Script);
            bench.Two.Play(bench.Two.Script);
            for (var i = 0; i < 5; i++)
            {
                using var answer = await bench.SayAsync($"\"prompt_cache_key\":\"key-{key}\",\"instructions\":\"{i}\"");
                Assert.True(answer.IsSuccessStatusCode);
            }

            Assert.Equal(0, Math.Min(bench.One.Calls.Count, bench.Two.Calls.Count));
        }
    }

    [Fact]
    public async Task A_chain_of_responses_stays_at_the_server_where_it_began()
    {
        await using var bench = await PoolBench.StartAsync();
        var homes = new HashSet<bool>();
        for (var chain = 0; chain < 12; chain++)
        {
            bench.One.Play(bench.One.Script);
            bench.Two.Play(bench.Two.Script);
            string? previous = null;
            for (var turn = 0; turn < 4; turn++)
            {
                using var answer = await bench.Gateway.PostAsync(
                    $$"""{"model":"mka1-mini","input":"Chain {{chain}}, turn {{turn}}","store":true{{(previous is null ? "" : $",\"previous_response_id\":\"{previous}\"")}}}""");
                previous = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString();
            }

            Assert.Equal(0, Math.Min(bench.One.Calls.Count, bench.Two.Calls.Count));
            homes.Add(bench.One.Calls.Count > 0);
        }

        Assert.Equal(2, homes.Count);
    }

    [Fact]
    public async Task In_turn_is_in_turn()
    {
        await using var bench = await PoolBench.StartAsync(pool => pool with { Balancing = new BalancingConfig { Policy = BalancingPolicy.RoundRobin } });
        Assert.Empty(await bench.LoadAsync(20, atOnce: 1));
        Assert.Equal((10, 10), (bench.One.Calls.Count, bench.Two.Calls.Count));
    }

    [Fact]
    public async Task A_drained_server_finishes_what_it_has_and_gets_nothing_new_until_it_is_put_back()
    {
        await using var bench = await PoolBench.StartAsync();
        var goOn = new TaskCompletionSource();
        Func<UpstreamCall, Task> wait = async call => { await goOn.Task; await Scripts.Completed(PoolBench.Text)(call); };
        bench.One.Play(wait);
        bench.Two.Play(wait);
        var waiting = Enumerable.Range(0, 4).Select(_ => bench.SayAsync()).ToArray();
        while (bench.One.Calls.Count == 0 || bench.One.Calls.Count + bench.Two.Calls.Count < 4) await Task.Delay(10);
        var before = bench.One.Calls.Count;
        using (var drained = await bench.DrainAsync("one")) Assert.Equal(HttpStatusCode.OK, drained.StatusCode);
        var seen = await bench.SeenAsync("one");
        Assert.Equal(("drained", before), (seen.GetProperty("state").GetString(), seen.GetProperty("outstanding").GetInt32()));

        bench.Two.Script = Scripts.Completed(PoolBench.Text);
        Assert.Empty(await bench.LoadAsync(20));
        Assert.Equal(before, bench.One.Calls.Count);
        goOn.SetResult();
        foreach (var answer in await Task.WhenAll(waiting))
        {
            Assert.True(answer.IsSuccessStatusCode);
            answer.Dispose();
        }

        using (var back = await bench.DrainAsync("one", drain: false)) Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        Assert.Empty(await bench.LoadAsync(20));
        Assert.True(bench.One.Calls.Count > before);
    }

    [Fact]
    public async Task A_server_without_weight_or_drained_by_the_configuration_gets_nothing_even_in_need()
    {
        foreach (var take in new Func<DestinationConfig, DestinationConfig>[] { d => d with { Weight = 0 }, d => d with { Drain = true } })
        {
            await using var bench = await PoolBench.StartAsync(pool => pool with { Destinations = pool.Destinations.ToDictionary(d => d.Key, d => d.Key == "one" ? take(d.Value) : d.Value) });
            Assert.Empty(await bench.LoadAsync(20));
            bench.Two.Play(Scripts.Reset);
            using var answer = await bench.SayAsync();
            await answer.AssertRefusedAsync(503, "no_backend_available");
            Assert.Empty(bench.One.Calls);
        }
    }

    [Fact]
    public async Task An_address_is_shown_without_its_credentials_and_an_unknown_destination_is_not_found()
    {
        await using var bench = await PoolBench.StartAsync(pool => pool with
        {
            Destinations = pool.Destinations.ToDictionary(d => d.Key, d => d.Key == "two" ? d.Value with { Address = "http://user:secret@127.0.0.1:9/base?key=secret", Drain = true } : d.Value),
        });
        Assert.Equal("http://127.0.0.1:9/base", (await bench.SeenAsync("two")).GetProperty("address").GetString());
        using var unknown = await bench.DrainAsync("three");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static (double Queued, double Active, double? Cache)? Read(string header)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation(LoadReportHeader.Name, header);
        return LoadReportHeader.Read(response.Headers);
    }
}
