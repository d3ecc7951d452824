namespace Mka1.Edge.Policies.Routing;

/// <summary>Which part of the requests each tier is meant to get; the parts add up to one.</summary>
public readonly record struct TierShares(double Quantized, double Moe, double Dense)
{
    /// <summary>Requests of the middle tier for one of the upper, when only a cost is stated.</summary>
    private const double MoePerDense = 3;

    /// <summary>The shares whose mean cost is the one stated: three moe for one dense as long as that leaves some for quantized.</summary>
    /// <param name="cost">Wanted mean cost of a request.</param>
    /// <param name="quantized">Cost of one on quantized, the least.</param>
    /// <param name="moe">Cost of one on moe.</param>
    /// <param name="dense">Cost of one on dense, the most.</param>
    public static TierShares OfCost(double cost, double quantized, double moe, double dense)
    {
        cost = Math.Clamp(cost, quantized, dense);
        var top = (cost - quantized) / ((MoePerDense * (moe - quantized)) + (dense - quantized));
        if ((1 + MoePerDense) * top <= 1) return new TierShares(1 - ((1 + MoePerDense) * top), MoePerDense * top, top);

        // Beyond that nothing stays on quantized, unless the middle tier costs as much as what is wanted.
        top = Math.Clamp((cost - moe) / (dense - moe), 0, 1);
        return new TierShares(0, 1 - top, top);
    }
}
