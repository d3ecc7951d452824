using System.Security.Cryptography;
using System.Text;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Policies.Quota;

/// <summary>Every counter that a caller's requests are held against, and what a request takes of each.</summary>
public sealed class QuotaPlan
{
    /// <summary>Longer than any delegated key may live, so that its budget never comes back.</summary>
    private static readonly QuotaWindow Lifetime = new("lifetime", TimeSpan.FromDays(31));

    private readonly QuotaCounter[] _spent;

    private QuotaPlan(IReadOnlyList<QuotaCounter> counters)
    {
        Counters = counters;
        IsSettled = counters.Any(c => c.Dimension != QuotaDimension.Requests);
        Admission = [.. counters.Select(c => c.Dimension is QuotaDimension.Requests or QuotaDimension.Concurrency ? new QuotaCharge(c, 1) : new QuotaCharge(c, 0, Room: 1))];
        _spent = [.. counters.Where(c => c.Dimension is QuotaDimension.Tokens or QuotaDimension.Cost)];
    }

    public static readonly QuotaPlan Unlimited = new([]);

    public IReadOnlyList<QuotaCounter> Counters { get; }

    /// <summary>Whether anything is set aside that must be settled.</summary>
    public bool IsSettled { get; }

    /// <summary>Whether tokens or cost are limited.</summary>
    public bool LimitsSpending => _spent.Length > 0;

    /// <summary>
    /// What taking a request in takes: one request of each window, one place among those in flight. Budgets that are used up
    /// refuse it already here, before anything has been read of it.
    /// </summary>
    public IReadOnlyList<QuotaCharge> Admission { get; }

    /// <summary>The counters of a key, whoever it acts for.</summary>
    /// <param name="grant">What the key stands for.</param>
    /// <param name="key">Limits of the key.</param>
    /// <param name="tenant">Limits of all keys of its tenant together.</param>
    public static QuotaPlan Of(KeyGrant grant, QuotaLimits key, QuotaLimits tenant)
    {
        var counters = new List<QuotaCounter>();
        var tenantName = Uri.EscapeDataString(grant.TenantId);
        Add(counters, QuotaScope.Key, $"k:{tenantName}/{Uri.EscapeDataString(grant.KeyId)}", key);
        Add(counters, QuotaScope.Tenant, $"t:{tenantName}", tenant);
        return counters.Count == 0 ? Unlimited : new QuotaPlan(counters);
    }

    /// <summary>These counters, and those of the end user and the delegated key that a caller names.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="endUser">Limits of each end user of the tenant.</param>
    public QuotaPlan For(Caller caller, QuotaLimits endUser)
    {
        var own = new List<QuotaCounter>();
        var tenantName = Uri.EscapeDataString(caller.Grant.TenantId);
        if (caller.EndUser is { } user && !endUser.IsEmpty) Add(own, QuotaScope.EndUser, $"u:{tenantName}/{Fingerprint(user)}", endUser);
        if (caller.Delegation is { TokenBudget: { } budget } delegation)
            own.Add(new QuotaCounter($"d:{tenantName}/{Fingerprint(delegation.Id)}:tokens", QuotaScope.Delegation, QuotaDimension.Tokens, Lifetime, budget));
        return own.Count == 0 ? this : new QuotaPlan([.. Counters, .. own]);
    }

    /// <summary>What is set aside for a run: its input, and so much for each output token.</summary>
    /// <param name="inputTokens">Tokens of the input.</param>
    /// <param name="price">What tokens cost.</param>
    /// <param name="spare">Input tokens for which there must be room beyond that, up to half of each limit.</param>
    public IReadOnlyList<QuotaCharge> Reservation(long inputTokens, Price price, long spare = 0) => [.. _spent.Select(c => c.Dimension == QuotaDimension.Tokens
        ? new QuotaCharge(c, inputTokens, 1, Math.Min(spare, c.Limit / 2))
        : new QuotaCharge(c, price.Of(inputTokens, 0), price.OutputNano, Math.Min(price.Of(spare, 0), c.Limit / 2)))];

    /// <summary>Takes nothing, and refuses as a run of that size would be refused.</summary>
    public IReadOnlyList<QuotaCharge> Room(long inputTokens, long outputTokens, Price price) => [.. _spent.Select(c => new QuotaCharge(
        c, 0, Room: c.Dimension == QuotaDimension.Tokens ? inputTokens + outputTokens : price.Of(inputTokens, outputTokens)))];

    private static void Add(List<QuotaCounter> counters, QuotaScope scope, string owner, QuotaLimits limits)
    {
        foreach (var limit in limits.Windows)
            counters.Add(new QuotaCounter($"{owner}:{DimensionName(limit.Dimension)}:{limit.Window.Name}", scope, limit.Dimension, limit.Window, limit.Limit));
        if (limits.Concurrency is { } concurrency)
            counters.Add(new QuotaCounter($"{owner}:in_flight", scope, QuotaDimension.Concurrency, null, concurrency));
    }

    private static string DimensionName(QuotaDimension dimension) => dimension switch
    {
        QuotaDimension.Requests => "requests",
        QuotaDimension.Tokens => "tokens",
        QuotaDimension.Cost => "cost",
        QuotaDimension.Concurrency => "in_flight",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Of bounded length, and nobody's name: counters are kept where names of end users need not be.</summary>
    private static string Fingerprint(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
}
