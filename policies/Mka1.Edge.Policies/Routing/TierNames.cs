using System.Diagnostics;

namespace Mka1.Edge.Policies.Routing;

/// <summary>The wire names of <see cref="Tier"/> and the reasoning effort each implies (contract: auto_routing).</summary>
public static class TierNames
{
    public static string Name(this Tier tier) => tier switch
    {
        Tier.Quantized => "quantized",
        Tier.Moe => "moe",
        Tier.Dense => "dense",
        _ => throw new UnreachableException(),
    };

    /// <summary>The <c>reasoning.effort</c> a tier runs with when the client set none.</summary>
    public static string ReasoningEffort(this Tier tier) => tier switch
    {
        Tier.Quantized => "minimal",
        Tier.Moe => "low",
        Tier.Dense => "high",
        _ => throw new UnreachableException(),
    };

    public static bool TryParse(string name, out Tier tier)
    {
        foreach (var candidate in Enum.GetValues<Tier>())
        {
            if (candidate.Name() == name)
            {
                tier = candidate;
                return true;
            }
        }

        tier = default;
        return false;
    }
}
