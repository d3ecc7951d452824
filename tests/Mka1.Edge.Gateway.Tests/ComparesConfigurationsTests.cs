using Mka1.Edge.Gateway.Commands;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: an operator is told all that is wrong with a configuration file at once, and in words what a new one changes.</summary>
public sealed class ComparesConfigurationsTests : IDisposable
{
    private const string Config = """
        {
          "pools": { "small": { "destinations": { "a": { "address": "http://127.0.0.1:1/" }, "b": { "address": "http://127.0.0.1:2/" } } }, "big": { "destinations": { "c": { "address": "http://127.0.0.1:3/" } } } },
          "families": { "mini": { "default": "dense", "aliases": ["old"], "variants": { "quantized": { "model": "mini-q", "pool": "small" }, "dense": { "model": "mini-d", "pool": "big" } } } },
          "tenants": { "acme": { "keys": {} } }
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("config");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_fault_is_told_at_once_with_the_nearest_known_key()
    {
        var (exit, said) = await RunAsync("validate", Write("""
            {
              "pool": {},
              "pools": { "small": { "conectTimeoutSeconds": 1, "idleTimeoutSeconds": "long", "destinations": { "a": { "adress": "http://127.0.0.1:1/" } } } },
              "quotas": { "onShortage": "squeeze", "defaultOutputTokens": 1.5 },
              "tenants": { "acme": { "keys": [] } },
              "zebra": 1
            }
            """));
        Assert.Equal(1, exit);
        foreach (var fault in new[]
        {
            "pool: there is no such key. Did you mean 'pools'?",
            "pools.small.conectTimeoutSeconds: there is no such key. Did you mean 'connectTimeoutSeconds'?",
            "pools.small.idleTimeoutSeconds: \"long\" is not a number.",
            "pools.small.destinations.a.adress: there is no such key. Did you mean 'address'?",
            "quotas.onShortage: \"squeeze\" is not one of clamp, refuse.",
            "quotas.defaultOutputTokens: 1.5 is not a whole number.",
            "tenants.acme.keys: [] is not an object.",
            "zebra: there is no such key. Known here:",
        }) Assert.Contains(fault, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_file_of_the_right_shape_all_that_makes_no_sense_is_told()
    {
        var (exit, said) = await RunAsync("validate", Write(Config.Replace("\"pool\": \"small\"", "\"pool\": \"none\"", StringComparison.Ordinal).Replace("http://127.0.0.1:3/", "nowhere", StringComparison.Ordinal)));
        Assert.Equal(1, exit);
        Assert.Contains("families.mini.variants.quantized.pool: there is no pool 'none'", said, StringComparison.Ordinal);
        Assert.Contains("pools.big.destinations.c.address: 'nowhere'", said, StringComparison.Ordinal);
        (exit, said) = await RunAsync("validate", Write(Config));
        Assert.Equal(0, exit);
        Assert.EndsWith("is sound: 2 pools, 1 families, 1 tenants.\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changes_for_routing_is_told_in_words()
    {
        var changed = Config
            .Replace("http://127.0.0.1:2/", "http://127.0.0.1:9/", StringComparison.Ordinal)
            .Replace("\"default\": \"dense\", \"aliases\": [\"old\"]", "\"default\": \"quantized\", \"aliases\": [\"new\"]", StringComparison.Ordinal)
            .Replace("\"model\": \"mini-d\", \"pool\": \"big\"", "\"model\": \"mini-d\", \"pool\": \"huge\", \"contextWindow\": 4096", StringComparison.Ordinal)
            .Replace("\"big\": { \"destinations\": { \"c\"", "\"huge\": { \"idleTimeoutSeconds\": 5, \"destinations\": { \"d\"", StringComparison.Ordinal)
            .Replace("\"keys\": {}", "\"keys\": {}, \"limits\": { \"concurrency\": 5 }", StringComparison.Ordinal);
        var (exit, said) = await RunAsync("diff", Write(Config), Write(changed));
        Assert.Equal(0, exit);
        Assert.Equal(
            """
            pools.small.destinations.b: moves from http://127.0.0.1:2/ to http://127.0.0.1:9/.
            pools.huge: a new pool; it has the servers d.
            pools.big: the pool goes; running requests finish there.
            families.mini: answers to 'new' too.
            families.mini: no longer answers to 'old'; who asks for it gets a 404.
            families.mini: means quantized in place of dense where auto_routing does not choose.
            families.mini.variants.dense: requests go to the pool 'huge' in place of 'big'.
            families.mini.variants.dense.contextWindow: 4096 in place of null.
            tenants: changes. It has no part in routing.

            """,
            said);
        Assert.Equal((0, "Nothing changes.\n"), await RunAsync("diff", Write(Config), Write(Config)));
    }

    [Fact]
    public async Task What_counts_after_a_restart_only_is_named()
    {
        var old = Config.Replace("{\n  \"pools\"", "{\n  \"stores\": { \"leaseSeconds\": 3, \"maxChainLength\": 5 }, \"pools\"", StringComparison.Ordinal);
        var now = old.Replace("\"leaseSeconds\": 3, \"maxChainLength\": 5", "\"leaseSeconds\": 4, \"maxChainLength\": 6", StringComparison.Ordinal);
        var (_, said) = await RunAsync("diff", Write(old), Write(now));
        Assert.Equal("stores: changes. It has no part in routing.\nstores.leaseSeconds: counts after a restart only.\n", said);
    }

    [Fact]
    public async Task A_credential_that_changes_is_named_and_not_shown()
    {
        var old = Config.Replace("\"http://127.0.0.1:1/\"", "\"http://127.0.0.1:1/\", \"apiKey\": \"hush-hush\"", StringComparison.Ordinal);
        var (_, said) = await RunAsync("diff", Write(old), Write(old.Replace("hush-hush", "very-quiet", StringComparison.Ordinal)));
        Assert.Equal("pools.small.destinations.a: is sent another credential.\n", said);
    }

    private static async Task<(int Exit, string Said)> RunAsync(params string[] arguments)
    {
        using var said = new StringWriter();
        try
        {
            return (await EdgeCommands.RunAsync(["config", .. arguments], said, said), said.ToString());
        }
        catch (Configuration.EdgeConfigException e)
        {
            // As the executable does.
            return (1, e.Message);
        }
    }

    private string Write(string text)
    {
        var path = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N") + ".json");
        File.WriteAllText(path, text);
        return path;
    }
}
