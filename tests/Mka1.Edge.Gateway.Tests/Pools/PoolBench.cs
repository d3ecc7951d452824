using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests.Pools;

/// <summary>A gateway whose dense pool has two servers, <c>one</c> and <c>two</c>, and heals as a test wants it to.</summary>
internal sealed class PoolBench : IAsyncDisposable
{
    public const string Text = "from a server that is well";

    private readonly HttpClient _operator;

    private PoolBench(GatewayFixture gateway)
    {
        Gateway = gateway;
        _operator = Operator.Client(gateway);
    }

    public GatewayFixture Gateway { get; }

    public ScriptedUpstream One => Gateway.Dense;

    public ScriptedUpstream Two => Gateway.Quantized;

    public ModelPool Pool => Gateway.App.Services.GetRequiredService<EdgeConfiguration>().Current.Pools["dense"];

    /// <summary>Starts it. Probes are off, and passive health as it comes, unless <paramref name="change"/> says otherwise.</summary>
    public static async Task<PoolBench> StartAsync(Func<PoolConfig, PoolConfig>? change = null, TimeProvider? clock = null)
    {
        var gateway = await GatewayFixture.StartAsync(config => config with { Admin = Operator.Config, Pools = With(config, change ?? (pool => pool)) }, clock);
        gateway.Dense.Play(Scripts.Completed(Text));
        gateway.Quantized.Play(Scripts.Completed(Text));
        return new PoolBench(gateway);
    }

    /// <summary>Sends requests, streams and whole answers, stored and not, some at a time.</summary>
    /// <returns>Those that did not bring the text, each with what came instead.</returns>
    public async Task<IReadOnlyList<string>> LoadAsync(int requests, int atOnce = 8)
    {
        var failed = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, requests), new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (i, cancellation) =>
        {
            using var answer = await Gateway.PostAsync(GatewayFixture.Hello(stream: i % 2 == 0, extra: i % 4 < 2 ? "\"store\":true" : "\"store\":false"));
            var body = await answer.Content.ReadAsStringAsync(cancellation);
            if (!answer.IsSuccessStatusCode || !body.Contains(Text, StringComparison.Ordinal) || body.Contains("response.failed", StringComparison.Ordinal)) failed.Enqueue($"{i}: {answer.StatusCode} {body}");
        });
        return [.. failed];
    }

    /// <summary>Sends one request, whole.</summary>
    public Task<HttpResponseMessage> SayAsync(string extra = "") => Gateway.PostAsync(GatewayFixture.Hello(extra: extra));

    /// <summary>What operators are told of a destination of the pool.</summary>
    public async Task<JsonElement> SeenAsync(string destination)
    {
        var pools = JsonDocument.Parse(await _operator.GetStringAsync("/admin/v1/pools")).RootElement.GetProperty("pools");
        var dense = pools.EnumerateArray().Single(pool => pool.GetProperty("name").GetString() == "dense");
        return dense.GetProperty("destinations").EnumerateArray().Single(d => d.GetProperty("name").GetString() == destination);
    }

    /// <summary>Waits until a destination is in a state.</summary>
    public async Task UntilAsync(string destination, string state)
    {
        using var patience = new CancellationTokenSource(Patience.Long);
        while ((await SeenAsync(destination)).GetProperty("state").GetString() != state) await Task.Delay(20, patience.Token);
    }

    public Task<HttpResponseMessage> DrainAsync(string destination, bool drain = true) => drain
        ? _operator.PostAsync($"/admin/v1/pools/dense/{destination}/drain", null)
        : _operator.DeleteAsync($"/admin/v1/pools/dense/{destination}/drain");

    public async ValueTask DisposeAsync()
    {
        _operator.Dispose();
        await Gateway.DisposeAsync();
    }

    private static Dictionary<string, PoolConfig> With(EdgeConfig config, Func<PoolConfig, PoolConfig> change)
    {
        var pools = config.Pools.ToDictionary(p => p.Key, p => p.Value);
        var dense = pools["dense"];
        pools["dense"] = change(dense with
        {
            Destinations = new Dictionary<string, DestinationConfig>
            {
                ["one"] = dense.Destinations["one"],
                ["two"] = pools["quantized"].Destinations["one"],
            },
            Health = dense.Health with { Passive = new PassiveHealthConfig() },
        });
        return pools;
    }
}
