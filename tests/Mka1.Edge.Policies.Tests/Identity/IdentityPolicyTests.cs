using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Policies.Tests.Identity;

/// <summary>Promise: who calls follows from key, end user and time alone, and a refusal gives nothing away.</summary>
public sealed class IdentityPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly KeyGrant Grant = new("acme", "k1", new HashSet<string>());
    private static readonly OnBehalfOf Alice = new OnBehalfOf.User("alice");

    [Fact]
    public void A_known_key_is_accepted_with_and_without_an_end_user()
    {
        Assert.Equal(new IdentityDecision.Accepted(new Caller(Grant, null)), IdentityPolicy.Decide(Grant, OnBehalfOf.Absent.Instance, Now));
        Assert.Equal(new IdentityDecision.Accepted(new Caller(Grant, "alice")), IdentityPolicy.Decide(Grant, Alice, Now));
    }

    [Fact]
    public void An_unknown_key_and_an_expired_one_get_the_same_refusal()
    {
        var unknown = Assert.IsType<IdentityDecision.Unauthenticated>(IdentityPolicy.Decide(null, Alice, Now));
        var expired = IdentityPolicy.Decide(Grant with { ExpiresAt = Now - TimeSpan.FromDays(1) }, Alice, Now);
        Assert.Equal(unknown, expired);
    }

    [Fact]
    public void A_key_is_refused_from_the_very_instant_it_expires()
    {
        var grant = Grant with { ExpiresAt = Now };
        Assert.IsType<IdentityDecision.Accepted>(IdentityPolicy.Decide(grant, Alice, Now - TimeSpan.FromTicks(1)));
        Assert.IsType<IdentityDecision.Unauthenticated>(IdentityPolicy.Decide(grant, Alice, Now));
    }

    [Fact]
    public void Without_a_valid_key_nothing_is_said_about_the_header() =>
        Assert.IsType<IdentityDecision.Unauthenticated>(IdentityPolicy.Decide(null, new OnBehalfOf.Malformed("x"), Now));

    [Fact]
    public void A_key_that_must_act_for_someone_is_refused_without_one()
    {
        var grant = Grant with { OnBehalfOf = OnBehalfOfRule.Required };
        Assert.IsType<IdentityDecision.Malformed>(IdentityPolicy.Decide(grant, OnBehalfOf.Absent.Instance, Now));
        Assert.IsType<IdentityDecision.Accepted>(IdentityPolicy.Decide(grant, Alice, Now));
    }

    [Fact]
    public void A_key_that_must_not_act_for_anyone_is_refused_with_someone()
    {
        var grant = Grant with { OnBehalfOf = OnBehalfOfRule.Forbidden };
        Assert.IsType<IdentityDecision.Forbidden>(IdentityPolicy.Decide(grant, Alice, Now));
        Assert.IsType<IdentityDecision.Accepted>(IdentityPolicy.Decide(grant, OnBehalfOf.Absent.Instance, Now));
    }

    [Theory]
    [InlineData(OnBehalfOfRule.Allowed)]
    [InlineData(OnBehalfOfRule.Required)]
    [InlineData(OnBehalfOfRule.Forbidden)]
    public void A_header_that_cannot_be_used_is_malformed_under_every_rule(OnBehalfOfRule rule) =>
        Assert.Equal(
            new IdentityDecision.Malformed("why"),
            IdentityPolicy.Decide(Grant with { OnBehalfOf = rule }, new OnBehalfOf.Malformed("why"), Now));

    [Fact]
    public void The_owner_is_tenant_and_end_user_together()
    {
        Assert.Equal(new Owner("acme", "alice"), new Caller(Grant, "alice").Owner);
        Assert.NotEqual(new Caller(Grant, null).Owner, new Caller(Grant, "alice").Owner);
    }

    [Fact]
    public void A_key_without_a_list_of_models_may_use_any_and_one_with_a_list_only_those()
    {
        Assert.True(Grant.Permits("anything"));
        var one = Grant with { Models = new HashSet<string> { "a" } };
        Assert.True(one.Permits("a"));
        Assert.False(one.Permits("A"));
        Assert.False(one.Permits(""));
    }
}
