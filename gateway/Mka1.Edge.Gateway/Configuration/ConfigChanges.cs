using System.Text.Json;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Tells in words what one configuration changes of another: whom requests go to in full, everything else by section.</summary>
internal static class ConfigChanges
{
    /// <summary>One line a change, in the order of the file; none when nothing changes.</summary>
    public static IReadOnlyList<string> Between(EdgeConfig old, EdgeConfig now)
    {
        var lines = new List<string>();
        Each("pool", "pools", old.Pools, now.Pools, lines, Added, (name, before, after) => Pool(name, before, after, lines));
        Each("family", "families", old.Families, now.Families, lines, Added, (name, before, after) => Family(name, before, after, lines));
        Routing(old.Routing, now.Routing, lines);
        foreach (var section in typeof(EdgeConfig).GetProperties().Where(p => p.Name is not (nameof(EdgeConfig.Pools) or nameof(EdgeConfig.Families) or nameof(EdgeConfig.Routing) or nameof(EdgeConfig.Schema))))
        {
            if (Text(section.GetValue(old)) != Text(section.GetValue(now))) lines.Add($"{Key(section.Name)}: changes. It has no part in routing.");
        }

        foreach (var key in RestartSettings.Between(old, now)) lines.Add($"{key}: counts after a restart only.");
        return lines;
    }

    private static void Pool(string name, PoolConfig old, PoolConfig now, List<string> lines)
    {
        var key = $"pools.{name}";
        Each("server", $"{key}.destinations", old.Destinations, now.Destinations, lines, server => $"gets requests of the pool '{name}' at {server.Address}", (server, before, after) =>
        {
            if (before.Address != after.Address) lines.Add($"{key}.destinations.{server}: moves from {before.Address} to {after.Address}.");
            if (before.ApiKey != after.ApiKey) lines.Add($"{key}.destinations.{server}: is sent another credential.");
        });
        Values(key, old, now, lines, nameof(PoolConfig.Destinations));
    }

    private static void Family(string name, FamilyConfig old, FamilyConfig now, List<string> lines)
    {
        var key = $"families.{name}";
        foreach (var alias in now.Aliases.Except(old.Aliases)) lines.Add($"{key}: answers to '{alias}' too.");
        foreach (var alias in old.Aliases.Except(now.Aliases)) lines.Add($"{key}: no longer answers to '{alias}'; who asks for it gets a 404.");
        if (old.Default != now.Default) lines.Add($"{key}: means {now.Default} in place of {old.Default} where auto_routing does not choose.");
        Each("variant", $"{key}.variants", old.Variants, now.Variants, lines, variant => $"serves the model '{variant.Model}' from the pool '{variant.Pool}'", (tier, before, after) =>
        {
            if (before.Pool != after.Pool) lines.Add($"{key}.variants.{tier}: requests go to the pool '{after.Pool}' in place of '{before.Pool}'.");
            Values($"{key}.variants.{tier}", before, after, lines, nameof(VariantConfig.Pool));
        });
    }

    private static void Routing(RoutingConfig old, RoutingConfig now, List<string> lines)
    {
        if (old.Weights != now.Weights) lines.Add($"routing.weights: auto_routing decides by {now.Weights ?? "the weights of the release"} in place of {old.Weights ?? "those of the release"}.");
        Values("routing", old, now, lines, nameof(RoutingConfig.Weights));
    }

    private static string Added(PoolConfig pool) => $"has the servers {string.Join(", ", pool.Destinations.Keys)}";

    private static string Added(FamilyConfig family) => $"has {string.Join(", ", family.Variants.Keys)}";

    /// <summary>What is new, what goes, and what is in both.</summary>
    private static void Each<T>(
        string kind, string key, IReadOnlyDictionary<string, T> old, IReadOnlyDictionary<string, T> now, List<string> lines, Func<T, string> told, Action<string, T, T> both)
    {
        foreach (var (name, value) in now)
        {
            if (old.TryGetValue(name, out var before)) both(name, before, value);
            else lines.Add($"{key}.{name}: a new {kind}; it {told(value)}.");
        }

        foreach (var name in old.Keys.Where(name => !now.ContainsKey(name))) lines.Add($"{key}.{name}: the {kind} goes; running requests finish there.");
    }

    /// <summary>Every other value, by its key.</summary>
    private static void Values<T>(string key, T old, T now, List<string> lines, string but)
    {
        foreach (var property in typeof(T).GetProperties().Where(property => property.Name != but))
        {
            var (before, after) = (Text(property.GetValue(old)), Text(property.GetValue(now)));
            if (before != after) lines.Add($"{key}.{Key(property.Name)}: {after} in place of {before}.");
        }
    }

    private static string Text(object? value) => JsonSerializer.Serialize(value, Compact);

    private static string Key(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);

    private static JsonSerializerOptions Compact { get; } = new(EdgeConfigJson.Options) { WriteIndented = false };
}
