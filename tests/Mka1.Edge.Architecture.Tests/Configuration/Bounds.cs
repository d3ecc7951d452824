using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Architecture.Tests.Configuration;

/// <summary>The range of a numeric setting, found by asking the gateway's own validator about a value that cannot be right.</summary>
/// <param name="Min">Smallest value taken, as the validator spells it.</param>
/// <param name="Max">Largest value taken.</param>
internal sealed partial record Bounds(string Min, string Max)
{
    private const int OutOfEveryRange = -1;

    /// <summary>A configuration without faults that holds one of everything. <c>*</c> is a name like any other.</summary>
    private const string OneOfEverything = """
        {
          "pools": { "*": { "destinations": { "*": { "address": "http://127.0.0.1" } } } },
          "families": { "*": { "default": "dense", "variants": { "dense": { "model": "model", "pool": "*" } } } },
          "tenants": { "*": { "keys": { "*": { "hash": "sha256:0000000000000000000000000000000000000000000000000000000000000000", "requests": [{ "window": "minute", "limit": 1 }], "tokens": [{ "window": "minute", "limit": 1 }], "cost": [{ "window": "minute", "limit": 1 }] } },
            "limits": { "requests": [{ "window": "minute", "limit": 1 }], "tokens": [{ "window": "minute", "limit": 1 }], "cost": [{ "window": "minute", "limit": 1 }] }, "endUserLimits": { "requests": [{ "window": "minute", "limit": 1 }], "tokens": [{ "window": "minute", "limit": 1 }], "cost": [{ "window": "minute", "limit": 1 }] } } },
          "safety": { "rules": [{ "id": "rule", "terms": ["term"] }] },
          "quotas": { "tenantLimits": { "requests": [{ "window": "minute", "limit": 1 }], "tokens": [{ "window": "minute", "limit": 1 }], "cost": [{ "window": "minute", "limit": 1 }] }, "endUserLimits": { "requests": [{ "window": "minute", "limit": 1 }], "tokens": [{ "window": "minute", "limit": 1 }], "cost": [{ "window": "minute", "limit": 1 }] } }
        }
        """;

    /// <summary>The range of the setting at <paramref name="path"/>; null when the validator takes any number.</summary>
    public static Bounds? Of(string path)
    {
        var config = JsonNode.Parse(OneOfEverything)!;
        var keys = path.Replace("variants.*", "variants.dense", StringComparison.Ordinal).Split('.');
        var node = keys[..^1].Aggregate(config, Child);
        node[keys[^1]] = OutOfEveryRange;
        return EdgeConfigValidator.Validate(EdgeConfigFile.Parse(config.ToJsonString()))
            .Select(fault => OutOfRange().Match(fault))
            .Where(match => match.Success)
            .Select(match => new Bounds(match.Groups["min"].Value, match.Groups["max"].Value))
            .SingleOrDefault();
    }

    public bool Hold(JsonNode number) => number.GetValueKind() == JsonValueKind.Number && Value(number) >= Value(Min) && Value(number) <= Value(Max);

    private static decimal Value(object number) => decimal.Parse(number.ToString()!, CultureInfo.InvariantCulture);

    private static JsonNode Child(JsonNode node, string key)
    {
        if (key.EndsWith("[]", StringComparison.Ordinal)) return node[key[..^2]]![0]!;
        return node[key] ?? (node[key] = new JsonObject());
    }

    [GeneratedRegex(@"-1 is outside (?<min>\S+) to (?<max>\S+)\.$")]
    private static partial Regex OutOfRange();
}
