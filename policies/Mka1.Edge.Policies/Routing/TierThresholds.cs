namespace Mka1.Edge.Policies.Routing;

/// <summary>The levels at which the middle and the upper tier begin.</summary>
public readonly record struct TierThresholds(float Moe, float Dense)
{
    /// <summary>Where the integer scores of the published cases put them: -1 is quantized, 0 to 3 moe, 4 dense.</summary>
    public static readonly TierThresholds Standard = new(-0.5f, 3.5f);

    public Tier TierOf(float level) => level >= Dense ? Tier.Dense : level >= Moe ? Tier.Moe : Tier.Quantized;
}
