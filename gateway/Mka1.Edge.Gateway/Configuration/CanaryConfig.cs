using Mka1.Edge.Policies.Canary;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>A share of a variant's requests that goes to another pool, the same callers always the same way.</summary>
public sealed record CanaryConfig
{
    /// <summary>The pool on trial.</summary>
    public string Pool { get; init; } = "";

    /// <summary>The name its servers know the model by; the variant's own when left out.</summary>
    public string? UpstreamModel { get; init; }

    /// <summary>Percent of the variant's requests that it gets (0–100). Who is in stays in when this grows.</summary>
    public double Percent { get; init; }

    /// <summary>What stays together: all of one tenant and end user (<c>caller</c>), or of one conversation, else of one <c>prompt_cache_key</c>, else of one caller (<c>conversation</c>).</summary>
    public CanaryKey By { get; init; } = CanaryKey.Caller;
}
