using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Policies.Tests.Routing;

/// <summary>Promise: a request goes to the variant it names, or with auto_routing to the nearest that can serve it and that the key may use.</summary>
public sealed class RoutingPolicyTests
{
    private static readonly ModelCatalog Catalog = new([Family.Mini]);

    [Theory]
    [InlineData("mini", Tier.Dense)]
    [InlineData("alias:mini", Tier.Dense)]
    [InlineData("mini-quantized", Tier.Quantized)]
    [InlineData("mini-moe", Tier.Moe)]
    public void Without_auto_routing_the_name_decides(string model, Tier expected)
    {
        // A hard prompt changes nothing when nobody asked for it to.
        var routed = Routed(model, autoRouting: false, Tier.Dense);
        Assert.Equal(expected, routed.Variant.Tier);
        Assert.Null(routed.Complexity);
    }

    [Theory]
    [InlineData(Tier.Quantized)]
    [InlineData(Tier.Moe)]
    [InlineData(Tier.Dense)]
    public void With_auto_routing_the_prompt_decides_whichever_name_of_the_family_was_used(Tier tier)
    {
        foreach (var model in (string[])["mini", "alias:mini", "mini-quantized", "mini-dense"])
        {
            var routed = Routed(model, autoRouting: true, tier);
            Assert.Equal(tier, routed.Variant.Tier);
            Assert.Equal(tier, routed.Complexity!.Value.DesiredTier);
        }
    }

    [Theory]
    [InlineData(Tier.Quantized, "web_search", Tier.Moe)]
    [InlineData(Tier.Quantized, "code_interpreter", Tier.Dense)]
    [InlineData(Tier.Moe, "code_interpreter", Tier.Dense)]
    [InlineData(Tier.Dense, "web_search", Tier.Moe)]
    public void A_variant_that_lacks_a_capability_makes_way_for_the_nearest_that_has_it(Tier desired, string tool, Tier expected)
    {
        var routed = Assert.IsType<RoutingDecision.Routed>(Decide("mini", true, desired, Family.Tool(tool)));
        Assert.Equal(expected, routed.Variant.Tier);
        Assert.Equal(desired, routed.Complexity!.Value.DesiredTier);
    }

    [Fact]
    public void Between_two_that_are_equally_near_the_more_capable_one_serves()
    {
        var family = Family.Of(Tier.Quantized, Family.Variant(Tier.Quantized), Family.Variant(Tier.Dense));
        var decision = Decided(Family.Anyone, new ModelCatalog([family]).Find("mini"), new("mini", true, [], Family.Asking(Tier.Moe)));
        Assert.Equal(Tier.Dense, Assert.IsType<RoutingDecision.Routed>(decision).Variant.Tier);
    }

    [Fact]
    public void A_family_of_one_serves_every_request_and_still_tells_the_tier_it_would_have_wanted()
    {
        var family = Family.Of(Tier.Moe, Family.Variant(Tier.Moe));
        var decision = Decided(Family.Anyone, new ModelCatalog([family]).Find("mini"), new("mini", true, [], Family.Asking(Tier.Quantized)));
        var routed = Assert.IsType<RoutingDecision.Routed>(decision);
        Assert.Equal((Tier.Moe, Tier.Quantized), (routed.Variant.Tier, routed.Complexity!.Value.DesiredTier));
    }

    [Fact]
    public void A_need_that_no_variant_meets_is_named()
    {
        var unsupported = Assert.IsType<RoutingDecision.Unsupported>(Decide("mini", true, Tier.Quantized, Family.Tool("function"), Family.Tool("telepathy", 1)));
        Assert.Equal("tools[1].type", unsupported.Need.Param);
        Assert.Equal(Tier.Quantized, unsupported.Nearest.Tier);
    }

    [Fact]
    public void A_variant_asked_for_by_name_is_not_changed_for_one_that_could()
    {
        var unsupported = Assert.IsType<RoutingDecision.Unsupported>(Decide("mini-quantized", false, Tier.Dense, Family.Tool("web_search")));
        Assert.Equal(("tools[0].type", "mini-quantized"), (unsupported.Need.Param, unsupported.Nearest.Model));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("MINI")]
    [InlineData("")]
    public void A_name_that_is_not_in_the_catalog_is_unknown(string model) =>
        Assert.IsType<RoutingDecision.UnknownModel>(Decide(model, false, Tier.Dense));

    [Fact]
    public void A_name_the_key_may_not_use_is_unknown()
    {
        foreach (var autoRouting in (bool[])[true, false])
        {
            var decision = Decided(Family.Only("mini-moe"), Catalog.Find("mini"), new("mini", autoRouting, [], ComplexityFacts.None));
            Assert.IsType<RoutingDecision.UnknownModel>(decision);
        }
    }

    [Fact]
    public void Auto_routing_stays_among_the_variants_the_key_may_use()
    {
        var facts = new RoutingFacts("mini-quantized", true, [], Family.Asking(Tier.Dense));
        Tier Served(params string[] models) => Assert.IsType<RoutingDecision.Routed>(Decided(Family.Only(models), Catalog.Find("mini-quantized"), facts)).Variant.Tier;
        Assert.Equal(Tier.Quantized, Served("mini-quantized"));
        Assert.Equal(Tier.Moe, Served("mini-quantized", "mini-moe"));
        Assert.Equal(Tier.Dense, Served("mini-quantized", "mini"));
        Assert.Equal(Tier.Dense, Served("mini-quantized", "alias:mini"));
    }

    [Fact]
    public void A_capability_of_a_variant_the_key_may_not_use_does_not_help()
    {
        var facts = new RoutingFacts("mini-quantized", true, [Family.Tool("web_search")], Family.Asking(Tier.Quantized));
        Assert.IsType<RoutingDecision.Unsupported>(Decided(Family.Only("mini-quantized"), Catalog.Find("mini-quantized"), facts));
    }

    [Theory]
    [InlineData(Tier.Quantized, "quantized", Tier.Moe, "no healthy quantized sibling; routed to moe")]
    [InlineData(Tier.Moe, "moe", Tier.Dense, "no healthy moe sibling; routed to dense")]
    [InlineData(Tier.Dense, "dense,moe", Tier.Quantized, "no healthy dense sibling; routed to quantized")]
    public void A_tier_whose_servers_are_down_falls_to_the_nearest_and_the_reasons_say_so(Tier asking, string down, Tier served, string reason)
    {
        var facts = new RoutingFacts("mini", true, [], Family.Asking(asking)) { Healthy = pool => !down.Split(',').Contains(pool) };
        var routed = Assert.IsType<RoutingDecision.Routed>(Decided(Family.Anyone, Catalog.Find("mini"), facts));
        Assert.Equal((served, asking), (routed.Variant.Tier, routed.Complexity!.Value.DesiredTier));
        Assert.Equal(reason, routed.Complexity!.Value.Reasons[^1]);
    }

    [Fact]
    public void With_every_server_down_the_desired_tier_stays()
    {
        var facts = new RoutingFacts("mini", true, [], Family.Asking(Tier.Quantized)) { Healthy = _ => false };
        Assert.Equal(Tier.Quantized, Assert.IsType<RoutingDecision.Routed>(Decided(Family.Anyone, Catalog.Find("mini"), facts)).Variant.Tier);
    }

    [Fact]
    public void A_healthy_server_does_not_make_up_for_a_missing_capability()
    {
        var facts = new RoutingFacts("mini", true, [Family.Tool("code_interpreter")], Family.Asking(Tier.Quantized)) { Healthy = pool => pool != "dense" };
        var routed = Assert.IsType<RoutingDecision.Routed>(Decided(Family.Anyone, Catalog.Find("mini"), facts));
        Assert.Equal(Tier.Dense, routed.Variant.Tier);
        Assert.Contains("sibling; routed to dense", routed.Complexity!.Value.Reasons[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_auto_routing_health_is_not_asked_for() =>
        Assert.Equal("mini-moe", Assert.IsType<RoutingDecision.Routed>(
            Decided(Family.Anyone, Catalog.Find("mini-moe"), new RoutingFacts("mini-moe", false, [], ComplexityFacts.None) { Healthy = _ => false })).Variant.Model);

    [Theory]
    [InlineData(Tier.Dense, Tier.Quantized, Tier.Dense)]
    [InlineData(Tier.Moe, Tier.Quantized, Tier.Moe)]
    [InlineData(Tier.Quantized, Tier.Dense, Tier.Dense)]
    public void A_conversation_only_moves_up(Tier before, Tier asking, Tier served)
    {
        var facts = new RoutingFacts("mini", true, [], Family.Asking(asking)) { Before = before };
        var routed = Assert.IsType<RoutingDecision.Routed>(Decided(Family.Anyone, Catalog.Find("mini"), facts));
        Assert.Equal(served, routed.Variant.Tier);
        Assert.Equal(before > asking, routed.Complexity!.Value.Reasons.Contains($"the conversation is on {before.Name()} already"));
    }

    [Fact]
    public void A_family_of_one_variant_has_nothing_to_say_about_siblings()
    {
        var catalog = new ModelCatalog([Family.Of(Tier.Dense, Family.Variant(Tier.Dense))]);
        var routed = Assert.IsType<RoutingDecision.Routed>(Decided(Family.Anyone, catalog.Find("mini"), new("mini", true, [], Family.Asking(Tier.Quantized))));
        Assert.Equal(["short prompt", "simple transform task"], routed.Complexity!.Value.Reasons);
    }

    private static RoutingDecision Decided(Mka1.Edge.Policies.Identity.Caller caller, CatalogEntry? entry, RoutingFacts facts) =>
        RoutingPolicy.Decide(caller, entry, facts, ComplexityClassifier.BuiltIn);

    private static RoutingDecision.Routed Routed(string model, bool autoRouting, Tier asking) =>
        Assert.IsType<RoutingDecision.Routed>(Decide(model, autoRouting, asking));

    private static RoutingDecision Decide(string model, bool autoRouting, Tier asking, params CapabilityNeed[] needs) =>
        Decided(Family.Anyone, Catalog.Find(model), new RoutingFacts(model, autoRouting, needs, Family.Asking(asking)));
}
