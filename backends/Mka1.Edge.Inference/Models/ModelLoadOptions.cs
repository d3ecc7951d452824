namespace Mka1.Edge.Inference.Models;

/// <summary>How a model is loaded.</summary>
public sealed record ModelLoadOptions
{
    /// <summary>An upper bound of the context window, 2 or more, to save memory; the model's own when null or larger.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Multiply quantized weights by activations as they are, instead of rounding those to bytes: slower, for comparisons and for models that do not bear it.</summary>
    public bool FloatActivations { get; init; }
}
