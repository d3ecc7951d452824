namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>What the chosen tiers come to on rows with three measured models.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Shares">Shares of quantized, moe and dense.</param>
/// <param name="Cost">Mean cost.</param>
/// <param name="Quality">Mean quality.</param>
/// <param name="SameMixAtRandom">Mean quality of the same shares dealt out at random.</param>
public sealed record TierResult(int Rows, IReadOnlyList<double> Shares, double Cost, double Quality, double SameMixAtRandom)
{
    public double Lift => Quality - SameMixAtRandom;
}
