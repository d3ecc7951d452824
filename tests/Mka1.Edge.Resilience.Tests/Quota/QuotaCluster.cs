using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Resilience.Tests.Support;

namespace Mka1.Edge.Resilience.Tests.Quota;

/// <summary>Three gateways that count together, and a key for each thing there is to count.</summary>
public sealed class QuotaCluster() : Cluster(replicas: 3)
{
    public const int Thousand = 1000;
    public const int Budget = 60_000;
    public const int Slots = 10;

    /// <summary>May make 1,000 requests.</summary>
    public string ThousandKey { get; } = ApiKeyFormat.Create();

    /// <summary>May spend 60,000 tokens, and have 1,000 requests in flight.</summary>
    public string BudgetKey { get; } = ApiKeyFormat.Create();

    /// <summary>May have 10 requests in flight.</summary>
    public string SlotsKey { get; } = ApiKeyFormat.Create();

    /// <summary>Is counted and never refused.</summary>
    public string CountedKey { get; } = ApiKeyFormat.Create();

    protected override IReadOnlyDictionary<string, object> MoreKeys => new Dictionary<string, object>
    {
        ["thousand"] = new { hash = ApiKeyFormat.HashText(ThousandKey), requests = new[] { new { window = "day", limit = Thousand } } },
        ["budget"] = new { hash = ApiKeyFormat.HashText(BudgetKey), tokens = new[] { new { window = "day", limit = Budget } }, concurrency = 1000 },
        ["slots"] = new { hash = ApiKeyFormat.HashText(SlotsKey), concurrency = Slots },
        ["counted"] = new { hash = ApiKeyFormat.HashText(CountedKey), requests = new[] { new { window = "day", limit = 1_000_000_000 } } },
    };
}
