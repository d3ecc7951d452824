using static Mka1.Edge.Gateway.Configuration.ConfigChecks;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Checks pools and their destinations.</summary>
internal static class PoolChecks
{
    public static void Check(EdgeConfig config, List<string> faults)
    {
        Spelling("pools", config.Pools.Keys, faults);
        foreach (var (name, pool) in config.Pools)
        {
            if (Present($"pools.{name}", pool, faults)) Pool($"pools.{name}", pool, faults);
        }
    }

    private static void Pool(string key, PoolConfig pool, List<string> faults)
    {
        if (pool.Destinations.Count == 0) faults.Add($"{key}.destinations: at least one destination is needed.");
        Spelling($"{key}.destinations", pool.Destinations.Keys, faults);
        foreach (var (name, destination) in pool.Destinations)
        {
            if (!Present($"{key}.destinations.{name}", destination, faults)) continue;
            if (!Uri.TryCreate(destination.Address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                faults.Add($"{key}.destinations.{name}.address: '{destination.Address}' is not an absolute http or https address.");
        }

        if (pool.Path is { } path && !path.StartsWith('/')) faults.Add($"{key}.path: '{path}' must begin with '/'.");
        Range(faults, $"{key}.connectTimeoutSeconds", pool.ConnectTimeoutSeconds, 0.1, 60);
        Range(faults, $"{key}.firstByteTimeoutSeconds", pool.FirstByteTimeoutSeconds, 1, 3600);
        Range(faults, $"{key}.idleTimeoutSeconds", pool.IdleTimeoutSeconds, 1, 3600);
    }
}
