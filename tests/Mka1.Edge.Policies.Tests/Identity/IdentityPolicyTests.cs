using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Policies.Tests.Identity;

/// <summary>Promise: who calls follows from key, end user and time alone, and a refusal gives nothing away.</summary>
public sealed class IdentityPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly KeyGrant Grant = new("acme", "k1", new HashSet<string>());
    private static readonly KeyGrant Required = Grant with { OnBehalfOf = OnBehalfOfRule.Required };
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

    [Fact]
    public void A_delegated_key_acts_for_its_end_user_and_no_other()
    {
        var delegation = new Delegation("k1/1", "alice", new HashSet<string>(), null, Now.AddHours(1));
        var expected = new IdentityDecision.Accepted(new Caller(Grant, "alice", delegation));
        Assert.Equal(expected, IdentityPolicy.Decide(Grant, OnBehalfOf.Absent.Instance, Now, delegation));
        Assert.Equal(expected, IdentityPolicy.Decide(Grant, Alice, Now, delegation));
        Assert.IsType<IdentityDecision.Forbidden>(IdentityPolicy.Decide(Grant, new OnBehalfOf.User("Alice"), Now, delegation));
        Assert.Equal(expected with { Caller = expected.Caller with { Grant = Required } }, IdentityPolicy.Decide(Required, OnBehalfOf.Absent.Instance, Now, delegation));
        Assert.IsType<IdentityDecision.Forbidden>(
            IdentityPolicy.Decide(Grant with { OnBehalfOf = OnBehalfOfRule.Forbidden }, OnBehalfOf.Absent.Instance, Now, delegation));
    }

    [Fact]
    public void A_delegated_key_ends_with_itself_and_with_the_key_above_it()
    {
        var delegation = new Delegation("k1/1", "alice", new HashSet<string>(), null, Now.AddHours(1));
        Assert.IsType<IdentityDecision.Unauthenticated>(IdentityPolicy.Decide(Grant, Alice, Now.AddHours(1), delegation));
        Assert.IsType<IdentityDecision.Unauthenticated>(IdentityPolicy.Decide(Grant with { ExpiresAt = Now }, Alice, Now, delegation));
    }

    [Fact]
    public void A_delegated_key_may_name_what_it_and_the_key_above_it_may_name()
    {
        var caller = new Caller(
            Grant with { Models = new HashSet<string> { "a", "b" } }, "alice", new Delegation("k1/1", "alice", new HashSet<string> { "b", "c" }, null, Now));
        Assert.Equal([false, true, false], new[] { "a", "b", "c" }.Select(caller.Permits));
        Assert.All(["a", "b"], model => Assert.True((caller with { Delegation = null }).Permits(model)));
    }

    [Theory]
    [InlineData("", false, "responses", null)]
    [InlineData("", false, "keys", "admin")]
    [InlineData("", true, "keys", null)]
    [InlineData("", true, "responses", null)]
    [InlineData("models responses", false, "responses", null)]
    [InlineData("models responses", false, "prompts", "endpoints: prompts")]
    [InlineData("keys", false, "keys", "admin")]
    [InlineData("keys", true, "keys", null)]
    [InlineData("keys", true, "responses", "endpoints: responses")]
    [InlineData("responses", true, "safety", "endpoints: safety")]
    public void A_refusal_says_which_scope_is_missing(string endpoints, bool admin, string asked, string? missing)
    {
        var grant = Grant with { Endpoints = endpoints.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(), Admin = admin };
        var decision = IdentityPolicy.Decide(grant, OnBehalfOf.Absent.Instance, Now, null, new EndpointScope(asked, asked is "keys" or "safety"));
        if (missing is null) Assert.IsType<IdentityDecision.Accepted>(decision);
        else Assert.Contains($"'{missing}'", Assert.IsType<IdentityDecision.Forbidden>(decision).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_administers_for_an_end_user() =>
        Assert.IsType<IdentityDecision.Forbidden>(IdentityPolicy.Decide(Grant with { Admin = true }, Alice, Now, null, EndpointScope.Keys));
}
