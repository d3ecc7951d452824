namespace Mka1.Edge.Gateway.Configuration;

/// <summary>A share of a variant's requests that another pool is sent too, after they were answered; nobody is given its answers.</summary>
public sealed record ShadowConfig
{
    /// <summary>The pool that is compared.</summary>
    public string Pool { get; init; } = "";

    /// <summary>The name its servers know the model by; the variant's own when left out.</summary>
    public string? UpstreamModel { get; init; }

    /// <summary>Percent of the variant's requests that it is sent (0–100).</summary>
    public double Percent { get; init; }
}
