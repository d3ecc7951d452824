using System.Text.Json.Nodes;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.LoadTests.Comparison;

/// <summary>
/// Mka1.Edge with every policy on: keys, end users, quotas of key, tenant and end user in requests, tokens and concurrency, safety
/// rules, and auto_routing over a family of three.
/// </summary>
internal static class EdgeConfiguration
{
    private const long Far = 1_000_000_000;

    private static readonly string[] Tiers = ["quantized", "moe", "dense"];

    public static JsonObject Create(string modelServer, string key, string? postgres, string? redis) => new()
    {
        ["pools"] = Each(_ => new JsonObject { ["destinations"] = new JsonObject { ["one"] = new JsonObject { ["address"] = modelServer + "/" } } }),
        ["families"] = new JsonObject
        {
            ["m"] = new JsonObject
            {
                ["default"] = "dense",
                ["variants"] = Each(tier => new JsonObject { ["model"] = "m-" + tier, ["pool"] = tier, ["contextWindow"] = 100_000 }),
            },
        },
        ["tenants"] = new JsonObject
        {
            ["t"] = new JsonObject
            {
                ["limits"] = Limits(),
                ["endUserLimits"] = Limits(),
                ["keys"] = new JsonObject { ["k"] = Hashed(Limits(), key) },
            },
        },
        ["safety"] = new JsonObject
        {
            ["rules"] = new JsonArray(
                new JsonObject { ["id"] = "expression-1", ["pattern"] = "\\b(forbidden|unheard) +of\\b" },
                new JsonObject { ["id"] = "expression-2", ["pattern"] = "\\bsecret +(recipe|sauce)\\b", ["action"] = "refuse" },
                new JsonObject { ["id"] = "terms-1", ["terms"] = Terms(1) },
                new JsonObject { ["id"] = "terms-2", ["terms"] = Terms(2), ["action"] = "refuse" }),
        },
        ["stores"] = new JsonObject { ["postgres"] = postgres, ["redis"] = redis },
    };

    private static JsonObject Each(Func<string, JsonObject> make) => new(Tiers.Select(tier => KeyValuePair.Create<string, JsonNode?>(tier, make(tier))));

    private static JsonArray Terms(int list) => new([.. Enumerable.Range(0, 10).Select(i => JsonValue.Create($"forbidden term {list} {i}"))]);

    /// <summary>So far from every limit as most callers are most of the time.</summary>
    private static JsonObject Limits() => new()
    {
        ["requests"] = new JsonArray(Window("second"), Window("minute")),
        ["tokens"] = new JsonArray(new JsonObject { ["window"] = "minute", ["limit"] = Far * 1000 }),
        ["concurrency"] = 10_000,
    };

    private static JsonObject Window(string window) => new() { ["window"] = window, ["limit"] = Far };

    private static JsonObject Hashed(JsonObject limits, string key)
    {
        limits["hash"] = ApiKeyFormat.HashText(key);
        return limits;
    }
}
