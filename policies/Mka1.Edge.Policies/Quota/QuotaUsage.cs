namespace Mka1.Edge.Policies.Quota;

/// <summary>What a request has come to, by what is counted. It replaces what was set aside for it.</summary>
public readonly record struct QuotaUsage(long Requests, long Tokens, long CostNano)
{
    /// <summary>Nothing came of it: everything is given back.</summary>
    public static readonly QuotaUsage None;

    public static QuotaUsage operator +(QuotaUsage left, QuotaUsage right) =>
        new(left.Requests + right.Requests, left.Tokens + right.Tokens, left.CostNano + right.CostNano);

    public static QuotaUsage Add(QuotaUsage left, QuotaUsage right) => left + right;

    /// <summary>Its share of a counter of <paramref name="dimension"/>: requests in flight are over.</summary>
    public long Of(QuotaDimension dimension) => dimension switch
    {
        QuotaDimension.Requests => Requests,
        QuotaDimension.Tokens => Tokens,
        QuotaDimension.Cost => CostNano,
        QuotaDimension.Concurrency => 0,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
