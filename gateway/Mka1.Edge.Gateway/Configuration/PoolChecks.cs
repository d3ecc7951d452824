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
            Range(faults, $"{key}.destinations.{name}.weight", destination.Weight, 0, 10_000);
        }

        if (pool.Path is { } path && !path.StartsWith('/')) faults.Add($"{key}.path: '{path}' must begin with '/'.");
        Range(faults, $"{key}.connectTimeoutSeconds", pool.ConnectTimeoutSeconds, 0.1, 60);
        Range(faults, $"{key}.firstByteTimeoutSeconds", pool.FirstByteTimeoutSeconds, 1, 3600);
        Range(faults, $"{key}.firstTokenTimeoutSeconds", pool.FirstTokenTimeoutSeconds, 1, 3600);
        Range(faults, $"{key}.idleTimeoutSeconds", pool.IdleTimeoutSeconds, 1, 3600);
        Range(faults, $"{key}.balancing.loadFactor", pool.Balancing.LoadFactor, 1, 100);
        Range(faults, $"{key}.balancing.freeRequests", pool.Balancing.FreeRequests, 0, 100_000);
        Range(faults, $"{key}.retry.attempts", pool.Retry.Attempts, 1, 10);
        Range(faults, $"{key}.retry.budgetShare", pool.Retry.BudgetShare, 0, 1);
        Range(faults, $"{key}.retry.minimumPerSecond", pool.Retry.MinimumPerSecond, 0, 100_000);
        Active($"{key}.health.active", pool.Health.Active, faults);
        Passive($"{key}.health.passive", pool.Health.Passive, faults);
    }

    private static void Active(string key, ActiveHealthConfig active, List<string> faults)
    {
        if (!active.Path.StartsWith('/') || active.Path.AsSpan().ContainsAny('?', '#')) faults.Add($"{key}.path: '{active.Path}' must begin with '/' and be a path alone.");
        Range(faults, $"{key}.intervalSeconds", active.IntervalSeconds, 0.1, 3600);
        Range(faults, $"{key}.timeoutSeconds", active.TimeoutSeconds, 0.1, 60);
        Range(faults, $"{key}.unhealthyAfter", active.UnhealthyAfter, 1, 100);
        Range(faults, $"{key}.healthyAfter", active.HealthyAfter, 1, 100);
    }

    private static void Passive(string key, PassiveHealthConfig passive, List<string> faults)
    {
        Range(faults, $"{key}.failures", passive.Failures, 1, 10_000);
        Range(faults, $"{key}.failureRate", passive.FailureRate, 0.01, 1);
        Range(faults, $"{key}.minimumRequests", passive.MinimumRequests, 1, 1_000_000);
        Range(faults, $"{key}.windowSeconds", passive.WindowSeconds, 1, 3600);
        Range(faults, $"{key}.firstRestSeconds", passive.FirstRestSeconds, 0.01, 3600);
        Range(faults, $"{key}.longestRestSeconds", passive.LongestRestSeconds, 0.01, 3600);
        if (passive.FirstRestSeconds > passive.LongestRestSeconds) faults.Add($"{key}.firstRestSeconds: {passive.FirstRestSeconds} is more than longestRestSeconds, {passive.LongestRestSeconds}.");
    }
}
