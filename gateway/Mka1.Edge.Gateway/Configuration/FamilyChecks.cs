using Mka1.Edge.Policies.Routing;
using static Mka1.Edge.Gateway.Configuration.ConfigChecks;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Checks families and their variants.</summary>
internal static class FamilyChecks
{
    public static void Check(EdgeConfig config, List<string> faults)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        void Claim(string name, string key)
        {
            if (!Present(key, name, faults)) return;
            if (name.Length == 0) faults.Add($"{key}: a model name may not be empty.");
            else if (!owners.TryAdd(name, key)) faults.Add($"{key}: the model name '{name}' is already taken by {owners[name]}.");
        }

        foreach (var (familyName, family) in config.Families)
        {
            var key = $"families.{familyName}";
            Claim(familyName, key);
            if (!Present(key, family, faults)) continue;
            for (var i = 0; i < family.Aliases.Count; i++) Claim(family.Aliases[i], $"{key}.aliases[{i}]");
            if (!family.Variants.ContainsKey(family.Default))
                faults.Add($"{key}.default: '{family.Default}' is not among the family's variants ({string.Join(", ", family.Variants.Keys)}).");

            foreach (var (tier, variant) in family.Variants)
            {
                var variantKey = $"{key}.variants.{tier}";
                if (!Present(variantKey, variant, faults)) continue;
                if (!TierNames.TryParse(tier, out _)) faults.Add($"{variantKey}: a variant is quantized, moe or dense.");
                if (variant.Model != familyName || tier != family.Default) Claim(variant.Model, $"{variantKey}.model");
                if (!config.Pools.ContainsKey(variant.Pool))
                    faults.Add($"{variantKey}.pool: there is no pool '{variant.Pool}' ({string.Join(", ", config.Pools.Keys)}).");
                SplitChecks.Check(variantKey, variant, config, faults);
                if (variant.ContextWindow is { } window) Range(faults, $"{variantKey}.contextWindow", window, 1, 100_000_000);
                Range(faults, $"{variantKey}.inputPricePer1K", variant.InputPricePer1K, 0, 1_000);
                Range(faults, $"{variantKey}.outputPricePer1K", variant.OutputPricePer1K, 0, 1_000);
            }
        }
    }
}
