namespace Mka1.Edge.Inference.Models;

/// <summary>How a model is loaded.</summary>
public sealed record ModelLoadOptions
{
    /// <summary>A context window below the model's own, to bound memory; the model's own when null.</summary>
    public int? ContextWindow { get; init; }
}
