using System.Text.Json.Nodes;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Routing;
using Mka1.Edge.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a changed weights file is taken up while the gateway runs; a broken one changes nothing and is named in the log.</summary>
public sealed class TakesUpNewWeightsTests : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.json");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Good_weights_take_over_and_broken_ones_do_not()
    {
        Write("one", 1);
        var clock = new FakeClock();
        await using var gateway = await GatewayFixture.StartAsync(config => config with { Routing = new RoutingConfig { Weights = _path } }, clock);
        var models = gateway.App.Services.GetRequiredService<RoutingModels>();
        Assert.Equal("one", models.Current.Classifier.Version);

        Write("two, and longer", 1);
        await clock.AdvanceUntilAsync(gateway.Log.WaitForAsync(line => line.EventId == 1600 && Equals(line.Values["Version"], "two, and longer")), Look);
        Assert.Equal("two, and longer", models.Current.Classifier.Version);

        Write("three, from a later release", 2);
        var refusal = gateway.Log.WaitForAsync(line => line.EventId == 1601);
        await clock.AdvanceUntilAsync(refusal, Look);
        var refused = await refusal;
        Assert.Contains("schema version 2", refused.Values["Reason"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("two, and longer", models.Current.Classifier.Version);

        File.Delete(_path);
        models.Refresh();
        Assert.Equal("two, and longer", models.Current.Classifier.Version);

        Write("four", 1);
        models.Refresh();
        Assert.Equal("four", models.Current.Classifier.Version);
    }

    [Fact]
    public async Task Weights_that_cannot_be_used_at_the_start_are_a_fault_of_the_configuration()
    {
        Write("one", 2);
        var refused = await Assert.ThrowsAsync<EdgeConfigException>(() => GatewayFixture.StartAsync(config => config with { Routing = new RoutingConfig { Weights = _path } }));
        Assert.Contains("routing.weights", refused.Message, StringComparison.Ordinal);
        Assert.Contains("schema version 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_makes_the_thresholds_follow()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config with
        {
            Routing = new RoutingConfig { TargetShares = new TierSharesConfig { Quantized = 0, Moe = 0, Dense = 1 }, Window = 256 },
        });
        gateway.Moe.Play(Scripts.Completed("x"));
        gateway.Dense.Play(Scripts.Completed("x"));
        gateway.Quantized.Play(Scripts.Completed("x"));
        var window = gateway.App.Services.GetRequiredService<RoutingModels>().Current.Window!;
        for (var i = 0; i < 256; i++) window.Add(1);
        using var answer = await gateway.PostAsync("""{"model":"mka1-mini","auto_routing":true,"store":false,"text":{"format":{"type":"json_object"}},"input":""}""");
        Assert.Contains("mka1-mini-dense", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private void Write(string version, int schema)
    {
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "weights.json")))!.AsObject();
        file["schema"] = schema;
        file["provenance"] = new JsonObject { ["fingerprint"] = version };
        File.WriteAllText(_path, file.ToJsonString());
    }
}
