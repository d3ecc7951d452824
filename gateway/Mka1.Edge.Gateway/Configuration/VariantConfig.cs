namespace Mka1.Edge.Gateway.Configuration;

/// <summary>One variant of a family.</summary>
public sealed record VariantConfig
{
    /// <summary>The name clients may ask for.</summary>
    public string Model { get; init; } = "";

    /// <summary>The pool that serves it.</summary>
    public string Pool { get; init; } = "";

    /// <summary>The name its servers know it by; the same as <see cref="Model"/> when left out.</summary>
    public string? UpstreamModel { get; init; }

    /// <summary>Tokens of input and output together.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Price of 1,000 input tokens (0–1,000), in whatever currency budgets are in.</summary>
    public decimal InputPricePer1K { get; init; }

    /// <summary>Price of 1,000 output tokens (0–1,000).</summary>
    public decimal OutputPricePer1K { get; init; }

    /// <summary>Tool types it serves.</summary>
    public IReadOnlyList<string> Tools { get; init; } = ["function"];

    /// <summary>Content part types it reads beside text.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Output modalities beside text.</summary>
    public IReadOnlyList<string> Modalities { get; init; } = [];

    /// <summary>A share of its requests goes to another pool, on trial; left out, none does.</summary>
    public CanaryConfig? Canary { get; init; }

    /// <summary>A share of its requests is sent to another pool too, to compare; left out, none is.</summary>
    public ShadowConfig? Shadow { get; init; }
}
