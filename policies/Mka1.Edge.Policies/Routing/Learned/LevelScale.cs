namespace Mka1.Edge.Policies.Routing.Learned;

/// <summary>
/// Puts both learnt numbers on the one scale that request features also add to. The log odds that only a strong model gets the
/// answer right decide who is dense; what a middle model gains over a quantized one decides between these two; inside the middle
/// tier both count, so that moving a threshold moves the right texts first.
/// </summary>
/// <param name="DenseLogit">Log odds from which a text alone asks for dense.</param>
/// <param name="LogitSpan">Log odds below that at which they count for nothing.</param>
/// <param name="MoeGain">Gain from which a text alone asks for moe.</param>
/// <param name="GainSpan">Gain above that at which it counts in full.</param>
internal readonly record struct LevelScale(float DenseLogit, float LogitSpan, float MoeGain, float GainSpan)
{
    /// <summary>No text counts for less, however easy it is.</summary>
    public const float Floor = -4;

    /// <summary>No text counts for more, however hard it is.</summary>
    public const float Ceiling = 6;

    /// <summary>What lies between the thresholds, a little short of the upper one.</summary>
    private const float Middle = 3.95f;

    /// <summary>Points that one span beyond a threshold is worth.</summary>
    private const float Beyond = 2;

    public float Level(double logit, double gain)
    {
        var odds = (logit - DenseLogit) / LogitSpan;
        var gains = (gain - MoeGain) / GainSpan;
        if (odds >= 0) return (float)Math.Min(Ceiling, TierThresholds.Standard.Dense + (Beyond * odds));
        if (gains < 0) return (float)Math.Max(Floor, TierThresholds.Standard.Moe + (Beyond * gains) - 1e-3);
        return (float)(TierThresholds.Standard.Moe + (Middle * (Math.Clamp(1 + odds, 0, 1) + Math.Min(gains, 1)) / 2));
    }
}
