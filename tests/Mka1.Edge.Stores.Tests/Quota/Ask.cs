using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Stores.Tests.Quota;

/// <summary>Requests as the tests make them.</summary>
internal static class Ask
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private static int _ids;

    public static string NewId() => $"share-{Interlocked.Increment(ref _ids)}-{Guid.NewGuid():N}";

    public static QuotaCounter Counter(string name, QuotaDimension dimension, long limit, string? window = "minute") =>
        new($"{name}:{dimension}:{window}", QuotaScope.Tenant, dimension, window is null ? null : QuotaWindow.Parse(window), limit);

    /// <summary>For a fixed amount of each counter.</summary>
    public static QuotaRequest For(string id, params (QuotaCounter Counter, long Amount)[] charges) =>
        new(id, [.. charges.Select(c => new QuotaCharge(c.Counter, c.Amount))], 0, 0, Lease);

    /// <summary>For a fixed amount and a number of units.</summary>
    public static QuotaRequest Units(string id, long units, long minimum, params QuotaCharge[] charges) => new(id, charges, units, minimum, Lease);

    /// <summary>Takes nothing.</summary>
    public static QuotaRequest Look(params QuotaCounter[] counters) =>
        new("look", [.. counters.Select(c => new QuotaCharge(c, 0))], 0, 0, Lease);
}
