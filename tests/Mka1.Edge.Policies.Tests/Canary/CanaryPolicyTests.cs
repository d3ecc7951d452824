using Mka1.Edge.Policies.Canary;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Policies.Tests.Routing;

namespace Mka1.Edge.Policies.Tests.Canary;

/// <summary>Promise: a share of a variant's requests goes to the pool on trial, the same ones always, and as many as were asked for.</summary>
public sealed class CanaryPolicyTests
{
    private const int Callers = 20_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(33.3)]
    [InlineData(50)]
    [InlineData(99)]
    [InlineData(100)]
    public void The_share_is_the_one_asked_for(double percent)
    {
        var variant = Split(percent, CanaryKey.Caller);
        var taken = Enumerable.Range(0, Callers).Count(n => Arm(variant, $"tenant-{n % 50}", $"user-{n}") == RouteArm.Canary);

        // Five standard deviations of as many throws of a coin.
        var expected = Callers * percent / 100;
        var deviation = Math.Sqrt(Callers * percent / 100 * (1 - (percent / 100)));
        Assert.InRange(taken, expected - (5 * deviation), expected + (5 * deviation));
    }

    [Fact]
    public void Whoever_is_in_stays_in_as_the_share_grows()
    {
        double[] steps = [0.1, 1, 2, 10, 25, 50, 75, 99, 100];
        for (var n = 0; n < 2000; n++)
        {
            var arms = steps.Select(percent => Arm(Split(percent, CanaryKey.Caller), "acme", $"user-{n}")).ToArray();
            Assert.Equal(arms.OrderBy(arm => arm), arms);
            Assert.Equal(RouteArm.Canary, arms[^1]);
        }
    }

    [Fact]
    public void The_choice_is_the_same_in_every_process()
    {
        // Written down once: another hash would send callers to and fro as replicas are renewed.
        var variant = Split(50, CanaryKey.Caller);
        var arms = string.Concat(Enumerable.Range(0, 16).Select(n => Arm(variant, "acme", $"user-{n}") == RouteArm.Canary ? '1' : '0'));
        Assert.Equal("0001011011110100", arms);
    }

    [Fact]
    public void A_caller_stays_together_whatever_its_conversations()
    {
        var variant = Split(50, CanaryKey.Caller);
        for (var n = 0; n < 100; n++)
        {
            var arms = Enumerable.Range(0, 20).Select(i => Arm(variant, "acme", $"user-{n}", $"conv-{i}", $"cache-{i}")).Distinct();
            Assert.Single(arms);
        }
    }

    [Fact]
    public void A_conversation_stays_together_whoever_speaks_in_it_and_a_callers_conversations_are_split()
    {
        var variant = Split(50, CanaryKey.Conversation);
        for (var n = 0; n < 100; n++)
            Assert.Single(Enumerable.Range(0, 20).Select(i => Arm(variant, "acme", $"user-{i}", $"conv-{n}", $"cache-{i}")).Distinct());
        Assert.Equal(2, Enumerable.Range(0, 100).Select(i => Arm(variant, "acme", "user", $"conv-{i}")).Distinct().Count());
    }

    [Fact]
    public void Without_a_conversation_the_cache_key_keeps_requests_together_and_without_that_the_caller()
    {
        var variant = Split(50, CanaryKey.Conversation);
        Assert.Equal(2, Enumerable.Range(0, 100).Select(i => Arm(variant, "acme", "user", null, $"cache-{i}")).Distinct().Count());
        for (var n = 0; n < 100; n++)
            Assert.Equal(Arm(Split(50, CanaryKey.Caller), "acme", $"user-{n}"), Arm(variant, "acme", $"user-{n}"));
    }

    [Fact]
    public void Names_that_run_into_each_other_are_different_keys()
    {
        var variant = Split(50, CanaryKey.Caller);
        var differ = Enumerable.Range(0, 200).Count(n => Arm(variant, $"a{n}", "bc") != Arm(variant, $"a{n}b", "c"));
        Assert.InRange(differ, 50, 150);
        var absent = Enumerable.Range(0, 200).Count(n => Arm(variant, $"a{n}", null) != Arm(variant, $"a{n}", ""));
        Assert.InRange(absent, 50, 150);
    }

    [Fact]
    public void A_pool_on_trial_that_cannot_be_reached_is_passed_over()
    {
        var variant = Split(100, CanaryKey.Caller);
        var facts = new CanaryFacts("acme", null, null, null, pool => pool != "trial");
        Assert.Equal(new CanaryDecision(variant, RouteArm.Fallback), CanaryPolicy.Choose(variant, facts));
    }

    [Fact]
    public void A_variant_without_a_canary_has_one_way_only()
    {
        var variant = Family.Mini.Default;
        Assert.Equal(new CanaryDecision(variant, RouteArm.Main), CanaryPolicy.Choose(variant, new CanaryFacts("acme", null, null, null, _ => false)));
    }

    [Fact]
    public void A_shadow_takes_its_share_of_runs()
    {
        var shadow = new ShadowRule(Family.Mini.Default with { Pool = "trial" }, 25);
        Assert.InRange(Enumerable.Range(0, Callers).Count(n => shadow.Takes($"resp_{n}")), Callers * 0.23, Callers * 0.27);
    }

    private static ModelVariant Split(double percent, CanaryKey by)
    {
        var own = Family.Mini.Default;
        return own with { Canary = new CanaryRule(own with { Pool = "trial" }, percent, by) };
    }

    private static RouteArm Arm(ModelVariant variant, string tenant, string? user, string? conversation = null, string? cacheKey = null)
    {
        var decision = CanaryPolicy.Choose(variant, new CanaryFacts(tenant, user, conversation, cacheKey, null));
        Assert.Equal(decision.Arm == RouteArm.Canary ? "trial" : variant.Pool, decision.Variant.Pool);
        return decision.Arm;
    }
}
