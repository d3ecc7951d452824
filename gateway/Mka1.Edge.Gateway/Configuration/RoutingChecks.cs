using Mka1.Edge.Policies.Routing;
using static Mka1.Edge.Gateway.Configuration.ConfigChecks;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Checks the section <c>routing</c>.</summary>
internal static class RoutingChecks
{
    private const double SumTolerance = 0.001;
    private const double MostCost = 1_000_000;

    public static void Check(EdgeConfig config, List<string> faults)
    {
        var routing = config.Routing;
        if (routing.Weights is { } weights && string.IsNullOrWhiteSpace(weights)) faults.Add("routing.weights: a path is expected; leave it out for the weights of this release.");
        Range(faults, "routing.reloadSeconds", routing.ReloadSeconds, 0.1, 3600);
        Range(faults, "routing.window", routing.Window, TierWindow.Fewest, 65_536);
        Range(faults, "routing.shadowConcurrency", routing.ShadowConcurrency, 0, 1000);
        if (routing.Candidate is { } candidate && string.IsNullOrWhiteSpace(candidate.Weights)) faults.Add("routing.candidate.weights: a path is expected; leave the candidate out for none.");
        if (routing.TargetShares is { } shares) Shares(shares, faults);
        Costs(routing, faults);
        if (routing is { TargetShares: not null, TargetCost: not null }) faults.Add("routing.targetCost: state either targetShares or targetCost.");
    }

    private static void Shares(TierSharesConfig shares, List<string> faults)
    {
        Range(faults, "routing.targetShares.quantized", shares.Quantized, 0, 1);
        Range(faults, "routing.targetShares.moe", shares.Moe, 0, 1);
        Range(faults, "routing.targetShares.dense", shares.Dense, 0, 1);
        var sum = shares.Quantized + shares.Moe + shares.Dense;
        if (!(Math.Abs(sum - 1) <= SumTolerance)) faults.Add($"routing.targetShares: the shares add up to {sum}, not to 1.");
    }

    private static void Costs(RoutingConfig routing, List<string> faults)
    {
        var costs = routing.Costs;
        Range(faults, "routing.costs.quantized", costs.Quantized, 0, MostCost);
        Range(faults, "routing.costs.moe", costs.Moe, 0, MostCost);
        Range(faults, "routing.costs.dense", costs.Dense, 0, MostCost);
        if (!(costs.Quantized < costs.Moe && costs.Moe < costs.Dense)) faults.Add("routing.costs: the costs must rise from quantized to moe to dense.");
        if (routing.TargetCost is not { } target) return;
        Range(faults, "routing.targetCost", target, 0, MostCost);
        if (!(target >= costs.Quantized && target <= costs.Dense)) faults.Add($"routing.targetCost: {target} is outside what requests can cost, {costs.Quantized} to {costs.Dense}.");
    }
}
