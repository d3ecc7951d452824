namespace Mka1.Edge.Gateway.Configuration;

/// <summary>How quotas are kept, and the limits of those for whom nothing else is said.</summary>
public sealed record QuotasConfig
{
    /// <summary>Limits of each tenant that has none of its own.</summary>
    public QuotaLimitsConfig TenantLimits { get; init; } = new();

    /// <summary>Limits of each end user of a tenant that says nothing about its end users.</summary>
    public QuotaLimitsConfig EndUserLimits { get; init; } = new();

    /// <summary>What becomes of a request whose answer may not fit what is left: <c>clamp</c> shortens it, <c>refuse</c> refuses it.</summary>
    public QuotaShortage OnShortage { get; init; } = QuotaShortage.Clamp;

    /// <summary>Output tokens set aside for a request without <c>max_output_tokens</c> (1–1,000,000). A stream that needs more asks for more as it runs.</summary>
    public int DefaultOutputTokens { get; init; } = 1024;

    /// <summary>Output tokens without which an answer is not worth beginning (1–10,000).</summary>
    public int MinimumOutputTokens { get; init; } = 16;

    /// <summary>
    /// Near a limit the model server is asked how many tokens an input has (<c>…/responses/input_tokens</c>). Where it cannot tell,
    /// <c>estimate</c> goes by what was learned of the family, <c>bound</c> by the most that its bytes can come to.
    /// </summary>
    public QuotaUncounted UncountedInput { get; init; } = QuotaUncounted.Estimate;

    /// <summary>Seconds after which what a dead replica had set aside comes free (1–600). Read at the start only.</summary>
    [Restart]
    public double LeaseSeconds { get; init; } = 30;

    /// <summary>
    /// Milliseconds of silence after which Redis is suspect: who is far from its limits is not kept waiting (5–10,000). After twice as long,
    /// and 1 s at least, each replica goes by its share of the limits. Read at the start only.
    /// </summary>
    [Restart]
    public int RedisSilenceMilliseconds { get; init; } = 40;
}
