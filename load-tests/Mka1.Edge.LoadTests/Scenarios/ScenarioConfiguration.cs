using System.Text.Json.Nodes;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary>The gateway that scenarios begin with: one family of three tiers in front of the same model servers, one tenant.</summary>
internal static class ScenarioConfiguration
{
    private static readonly string[] Tiers = ["quantized", "moe", "dense"];

    public static JsonObject Create(IReadOnlyList<string> modelServers, string key, string? postgres, string? redis) => new()
    {
        ["pools"] = Each(_ => new JsonObject
        {
            ["destinations"] = new JsonObject(modelServers.Select((address, i) => KeyValuePair.Create<string, JsonNode?>($"server-{i}", new JsonObject { ["address"] = address + "/" }))),
        }),
        ["families"] = new JsonObject
        {
            ["m"] = new JsonObject { ["default"] = "dense", ["variants"] = Each(tier => new JsonObject { ["model"] = "m-" + tier, ["pool"] = tier, ["contextWindow"] = 100_000 }) },
        },
        ["tenants"] = new JsonObject { ["t"] = Tenant(key) },
        ["stores"] = new JsonObject { ["postgres"] = postgres, ["redis"] = redis },
    };

    /// <summary>A tenant with one key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="limits">Its limits.</param>
    public static JsonObject Tenant(string key, JsonObject? limits = null)
    {
        limits ??= [];
        limits["hash"] = ApiKeyFormat.HashText(key);
        return new JsonObject { ["keys"] = new JsonObject { ["k"] = limits } };
    }

    /// <summary>So many requests in each second.</summary>
    public static JsonObject PerSecond(long requests) => new() { ["requests"] = new JsonArray(new JsonObject { ["window"] = "second", ["limit"] = requests }) };

    private static JsonObject Each(Func<string, JsonObject> make) => new(Tiers.Select(tier => KeyValuePair.Create<string, JsonNode?>(tier, make(tier))));
}
