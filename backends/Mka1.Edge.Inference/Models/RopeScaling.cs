namespace Mka1.Edge.Inference.Models;

/// <summary>How the rotary embedding of a model was stretched beyond the context it was first trained on.</summary>
/// <remarks>The formulas are in <c>RotaryFrequencies</c>; names and defaults are those of transformers' <c>modeling_rope_utils</c>.</remarks>
public abstract record RopeScaling
{
    private RopeScaling() { }

    /// <summary>Every angle divided by <paramref name="Factor"/>.</summary>
    public sealed record Linear(double Factor) : RopeScaling;

    /// <summary>A base that grows with the sequence once it is longer than <c>max_position_embeddings</c>; that is where the window ends here, so within it nothing changes.</summary>
    public sealed record Dynamic(double Factor) : RopeScaling;

    /// <summary>YaRN (arXiv 2309.00071): short wavelengths stay, long ones are divided by the factor, those between are blended.</summary>
    /// <param name="Factor">How much longer the context became.</param>
    /// <param name="OriginalContext">Positions the model was first trained on.</param>
    /// <param name="BetaFast">Rotations within the original context above which a wavelength stays.</param>
    /// <param name="BetaSlow">Rotations below which a wavelength is divided.</param>
    /// <param name="AttentionFactor">Scales cosines and sines, and with them the attention scores by its square.</param>
    /// <param name="Truncate">Whether the bounds of the blend are rounded outward to whole dimensions.</param>
    public sealed record Yarn(double Factor, int OriginalContext, double BetaFast, double BetaSlow, double AttentionFactor, bool Truncate) : RopeScaling;

    /// <summary>Llama 3.1: as <see cref="Yarn"/>, with the bounds given as fractions of the original context and without a change of scale.</summary>
    public sealed record Llama3(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalContext) : RopeScaling;
}
