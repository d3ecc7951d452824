using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Policies.Tests.Quota;

/// <summary>Promise: every caller is held against its own counters and those it shares, under names that nobody else has.</summary>
public sealed class QuotaPlanTests
{
    private static readonly QuotaLimits Everything = new(
        [
            new(QuotaDimension.Requests, QuotaWindow.Parse("second"), 10),
            new(QuotaDimension.Requests, QuotaWindow.Parse("day"), 100),
            new(QuotaDimension.Tokens, QuotaWindow.Parse("minute"), 1000),
            new(QuotaDimension.Cost, QuotaWindow.Parse("month"), 5),
        ],
        Concurrency: 3);

    [Fact]
    public void A_key_is_held_against_its_own_counters_and_its_tenants()
    {
        var plan = QuotaPlan.Of(Grant("acme", "main"), Everything, Everything);
        Assert.Equal(
            [
                "k:acme/main:requests:second", "k:acme/main:requests:day", "k:acme/main:tokens:minute", "k:acme/main:cost:month", "k:acme/main:in_flight",
                "t:acme:requests:second", "t:acme:requests:day", "t:acme:tokens:minute", "t:acme:cost:month", "t:acme:in_flight",
            ],
            plan.Counters.Select(c => c.Name));
    }

    [Theory]
    [InlineData("a", "b/c", "a/b", "c")]
    [InlineData("a:in_flight", "k", "a", "in_flight:k")]
    [InlineData("a%2Fb", "c", "a/b", "c")]
    public void No_two_keys_share_a_counter_whatever_they_are_called(string tenant, string key, string otherTenant, string otherKey)
    {
        var names = QuotaPlan.Of(Grant(tenant, key), Everything, QuotaLimits.None).Counters.Select(c => c.Name);
        var others = QuotaPlan.Of(Grant(otherTenant, otherKey), Everything, QuotaLimits.None).Counters.Select(c => c.Name);
        Assert.Empty(names.Intersect(others));
    }

    [Fact]
    public void An_end_user_has_counters_of_its_own_that_do_not_tell_its_name()
    {
        var plan = QuotaPlan.Of(Grant("acme", "main"), QuotaLimits.None, QuotaLimits.None);
        var ann = plan.For(new Caller(Grant("acme", "main"), "ann@example.com"), Everything).Counters;
        var bob = plan.For(new Caller(Grant("acme", "main"), "bob@example.com"), Everything).Counters;
        var elsewhere = plan.For(new Caller(Grant("globex", "main"), "ann@example.com"), Everything).Counters;
        Assert.All(ann, counter => Assert.Equal(QuotaScope.EndUser, counter.Scope));
        Assert.DoesNotContain(ann, counter => counter.Name.Contains("ann", StringComparison.Ordinal));
        Assert.Equal(15, ann.Concat(bob).Concat(elsewhere).Select(c => c.Name).Distinct().Count());
        Assert.Same(plan, plan.For(new Caller(Grant("acme", "main"), null), Everything));
    }

    [Fact]
    public void A_delegated_key_spends_one_budget_in_its_whole_life()
    {
        var delegation = new Delegation("child-1", "ann", new HashSet<string>(), 500, DateTimeOffset.UnixEpoch.AddDays(30));
        var plan = QuotaPlan.Unlimited.For(new Caller(Grant("acme", "main"), "ann", delegation), QuotaLimits.None);
        var counter = Assert.Single(plan.Counters);
        Assert.Equal((QuotaScope.Delegation, QuotaDimension.Tokens, 500L), (counter.Scope, counter.Dimension, counter.Limit));
        Assert.True(counter.Window!.Value.Length > TimeSpan.FromDays(30), "It does not come back while the key lives.");
    }

    [Fact]
    public void To_be_let_in_takes_a_request_and_a_place_and_needs_something_left_of_every_budget()
    {
        var plan = QuotaPlan.Of(Grant("acme", "main"), Everything, QuotaLimits.None);
        Assert.Equal([(1L, 0L), (1L, 0L), (0L, 1L), (0L, 1L), (1L, 0L)], plan.Admission.Select(c => (c.Fixed, c.Room)));
    }

    [Fact]
    public void A_run_sets_its_input_aside_and_so_much_for_each_output_token()
    {
        var plan = QuotaPlan.Of(Grant("acme", "main"), Everything, QuotaLimits.None);
        Assert.Equal([(20L, 1L), (40L, 7L)], plan.Reservation(20, new Price(2, 7)).Select(c => (c.Fixed, c.PerUnit)));
        Assert.True(plan.IsSettled);
        Assert.False(QuotaPlan.Of(Grant("acme", "main"), new QuotaLimits(Everything.Windows.Take(2).ToList(), null), QuotaLimits.None).IsSettled);
    }

    private static KeyGrant Grant(string tenant, string key) => new(tenant, key, new HashSet<string>());
}
