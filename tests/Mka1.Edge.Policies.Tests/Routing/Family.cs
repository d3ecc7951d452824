using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Policies.Tests.Routing;

/// <summary>A family of models and what the tests ask of it.</summary>
internal static class Family
{
    public static readonly Caller Anyone = Only();

    public static readonly ModelFamily Mini = Of(Tier.Dense, Variant(Tier.Quantized, "function"), Variant(Tier.Moe, "function", "web_search"), Variant(Tier.Dense, "function", "code_interpreter"));

    public static ModelFamily Of(Tier standard, params ModelVariant[] variants) => new("mini", ["alias:mini"], variants.ToDictionary(v => v.Tier), standard);

    public static ModelVariant Variant(Tier tier, params string[] tools) => new(
        $"mini-{tier.Name()}", tier, tier.Name(), $"mini-{tier.Name()}",
        new ModelCapabilities(null, tools.ToHashSet(), new HashSet<string>(), new HashSet<string>()));

    public static CapabilityNeed Tool(string type, int index = 0) => new(CapabilityKind.Tool, type, $"tools[{index}].type");

    public static Caller Only(params string[] models) => new(new KeyGrant("acme", "k", models.ToHashSet()), null);

    /// <summary>Facts that score as asked: -3 for quantized, 0 for moe, 4 for dense.</summary>
    public static ComplexityFacts Asking(Tier tier) => tier switch
    {
        Tier.Quantized => new("Summarize this.", false, null, [], false),
        Tier.Moe => new(new string('x', 300), false, null, [], false),
        _ => new(new string('x', 700), false, 4096, [], false),
    };
}
