using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Policies.Tests.Routing;

/// <summary>Promise: every name means one thing.</summary>
public sealed class ModelCatalogTests
{
    [Fact]
    public void Family_aliases_and_variants_are_found_by_their_exact_names()
    {
        var catalog = new ModelCatalog([Family.Mini]);
        Assert.Equal(["alias:mini", "mini", "mini-dense", "mini-moe", "mini-quantized"], catalog.Names);
        Assert.Null(catalog.Find("mini")!.Variant);
        Assert.Null(catalog.Find("alias:mini")!.Variant);
        Assert.Equal(Tier.Moe, catalog.Find("mini-moe")!.Variant!.Tier);
        Assert.Null(catalog.Find("Mini"));
        Assert.Null(catalog.Find(""));
    }

    [Fact]
    public void A_variant_may_bear_its_familys_name_and_the_name_then_means_the_family()
    {
        var family = Family.Of(Tier.Dense, Family.Variant(Tier.Dense) with { Model = "mini" });
        Assert.Null(new ModelCatalog([family]).Find("mini")!.Variant);
    }

    [Fact]
    public void Two_families_of_one_name_are_a_bug_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => new ModelCatalog([Family.Mini, Family.Mini]));

    [Fact]
    public void Tier_names_and_efforts_are_those_of_the_contract()
    {
        Assert.Equal(["quantized", "moe", "dense"], Enum.GetValues<Tier>().Select(t => t.Name()));
        Assert.Equal(["minimal", "low", "high"], Enum.GetValues<Tier>().Select(t => t.ReasoningEffort()));
        foreach (var tier in Enum.GetValues<Tier>()) Assert.True(TierNames.TryParse(tier.Name(), out var parsed) && parsed == tier);
        Assert.False(TierNames.TryParse("Dense", out _));
        Assert.False(TierNames.TryParse("", out _));
    }
}
