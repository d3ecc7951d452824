using static Mka1.Edge.Gateway.Configuration.ConfigChecks;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Checks the other pools that a variant's requests may go to.</summary>
internal static class SplitChecks
{
    public static void Check(string key, VariantConfig variant, EdgeConfig config, List<string> faults)
    {
        if (variant.Canary is { } canary) Other($"{key}.canary", canary.Pool, canary.UpstreamModel, canary.Percent, variant, config, faults);
        if (variant.Shadow is { } shadow) Other($"{key}.shadow", shadow.Pool, shadow.UpstreamModel, shadow.Percent, variant, config, faults);
    }

    private static void Other(string key, string pool, string? upstreamModel, double percent, VariantConfig variant, EdgeConfig config, List<string> faults)
    {
        if (!config.Pools.ContainsKey(pool)) faults.Add($"{key}.pool: there is no pool '{pool}' ({string.Join(", ", config.Pools.Keys)}).");
        else if (pool == variant.Pool && (upstreamModel ?? UpstreamModelOf(variant)) == UpstreamModelOf(variant))
            faults.Add($"{key}: the same model in the same pool as the variant's own. Name another pool or another upstreamModel.");
        Range(faults, $"{key}.percent", percent, 0, 100);
    }

    private static string UpstreamModelOf(VariantConfig variant) => variant.UpstreamModel ?? variant.Model;
}
