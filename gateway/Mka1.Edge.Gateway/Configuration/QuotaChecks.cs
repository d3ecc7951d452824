using Mka1.Edge.Policies.Quota;
using static Mka1.Edge.Gateway.Configuration.ConfigChecks;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Checks limits wherever they stand, and the section <c>quotas</c>.</summary>
internal static class QuotaChecks
{
    public static void Check(EdgeConfig config, List<string> faults)
    {
        var quotas = config.Quotas;
        Limits("quotas.tenantLimits", quotas.TenantLimits, faults);
        Limits("quotas.endUserLimits", quotas.EndUserLimits, faults);
        Range(faults, "quotas.defaultOutputTokens", quotas.DefaultOutputTokens, 1, 1_000_000);
        Range(faults, "quotas.minimumOutputTokens", quotas.MinimumOutputTokens, 1, 10_000);
        Range(faults, "quotas.leaseSeconds", quotas.LeaseSeconds, 1, 600);
        Range(faults, "quotas.redisSilenceMilliseconds", quotas.RedisSilenceMilliseconds, 5, 10_000);
    }

    /// <summary>Checks the limits that stand under <paramref name="key"/>; null is none.</summary>
    public static void Limits(string key, QuotaLimitsConfig? limits, List<string> faults)
    {
        if (limits is null) return;
        if (limits.Concurrency is { } concurrency) Range(faults, $"{key}.concurrency", concurrency, 1, 100_000);
        Windows($"{key}.requests", limits.Requests, faults);
        Windows($"{key}.tokens", limits.Tokens, faults);
        for (var i = 0; i < limits.Cost.Count; i++)
        {
            if (!Present($"{key}.cost[{i}]", limits.Cost[i], faults)) continue;
            Window($"{key}.cost[{i}].window", limits.Cost[i].Window, faults);
            Range(faults, $"{key}.cost[{i}].limit", limits.Cost[i].Limit, 0.000001m, 1_000_000m);
        }

        Unique($"{key}.requests", limits.Requests.Select(limit => limit?.Window), faults);
        Unique($"{key}.tokens", limits.Tokens.Select(limit => limit?.Window), faults);
        Unique($"{key}.cost", limits.Cost.Select(limit => limit?.Window), faults);
    }

    private static void Windows(string key, IReadOnlyList<WindowLimitConfig> limits, List<string> faults)
    {
        for (var i = 0; i < limits.Count; i++)
        {
            if (!Present($"{key}[{i}]", limits[i], faults)) continue;
            Window($"{key}[{i}].window", limits[i].Window, faults);
            Range(faults, $"{key}[{i}].limit", limits[i].Limit, 1, 1_000_000_000_000);
        }
    }

    private static void Window(string key, string name, List<string> faults)
    {
        if (!QuotaWindow.TryParse(name, out _)) faults.Add($"{key}: '{name}' is not one of {string.Join(", ", QuotaWindow.All.Select(w => w.Name))}.");
    }

    private static void Unique(string key, IEnumerable<string?> windows, List<string> faults)
    {
        foreach (var twice in windows.OfType<string>().GroupBy(name => name).Where(group => group.Count() > 1))
            faults.Add($"{key}: the window '{twice.Key}' stands there more than once.");
    }
}
