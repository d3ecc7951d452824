using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Policies.Tests.Identity;

/// <summary>Promise: a delegated key allows what its claims say, and claims that cannot be understood allow nothing.</summary>
public sealed class DelegationPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DelegationClaims Claims = new("main", "7", "alice", Now, null, Now.AddHours(1), ["a", "b"], 500);

    public static TheoryData<string> Faults => new(Broken.Keys);

    private static readonly Dictionary<string, DelegationClaims> Broken = new()
    {
        ["no subject"] = Claims with { Subject = null },
        ["an empty subject"] = Claims with { Subject = "" },
        ["everybody"] = Claims with { Subject = "*" },
        ["a subject that is too long"] = Claims with { Subject = new string('u', 151) },
        ["a subject beyond ASCII"] = Claims with { Subject = "é" },
        ["no id"] = Claims with { Id = null },
        ["an empty id"] = Claims with { Id = "" },
        ["an id with a space"] = Claims with { Id = "a b" },
        ["an id that is too long"] = Claims with { Id = new string('1', 129) },
        ["no beginning"] = Claims with { IssuedAt = null },
        ["a beginning that lies ahead"] = Claims with { IssuedAt = Now.AddSeconds(61) },
        ["a time that has not come"] = Claims with { NotBefore = Now.AddSeconds(61) },
        ["no end"] = Claims with { ExpiresAt = null },
        ["an end that is now"] = Claims with { ExpiresAt = Now },
        ["an end beyond thirty days"] = Claims with { ExpiresAt = Now.AddDays(30).AddSeconds(61) },
        ["an empty list of models"] = Claims with { Models = [] },
        ["a model without a name"] = Claims with { Models = ["a", ""] },
        ["a hundred and one models"] = Claims with { Models = [.. Enumerable.Range(0, 101).Select(i => $"{i}")] },
        ["a budget of nothing"] = Claims with { TokenBudget = 0 },
        ["a budget below nothing"] = Claims with { TokenBudget = -1 },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_claim_that_cannot_be_used_refuses_the_key(string what) =>
        Assert.IsType<DelegationDecision.Refused>(DelegationPolicy.Decide(Broken[what], Now));

    [Fact]
    public void Claims_in_order_become_a_delegation()
    {
        var delegation = Accepted(Claims);
        Assert.Equal(("main/7", "alice", 500L, Now.AddHours(1)), (delegation.Id, delegation.EndUser, delegation.TokenBudget, delegation.ExpiresAt));
        Assert.Equal(["a", "b"], delegation.Models.Order());
    }

    [Fact]
    public void Models_and_budget_may_be_left_out()
    {
        var delegation = Accepted(Claims with { Models = null, TokenBudget = null });
        Assert.Empty(delegation.Models);
        Assert.Null(delegation.TokenBudget);
    }

    [Fact]
    public void A_clock_that_is_a_minute_ahead_is_borne_with()
    {
        Accepted(Claims with { IssuedAt = Now.AddSeconds(60), NotBefore = Now.AddSeconds(60) });
        Accepted(Claims with { ExpiresAt = Now.AddDays(30).AddSeconds(60) });
    }

    [Fact]
    public void The_same_id_below_two_keys_is_two_ids() => Assert.NotEqual(Accepted(Claims).Id, Accepted(Claims with { KeyId = "other" }).Id);

    private static Delegation Accepted(DelegationClaims claims) => Assert.IsType<DelegationDecision.Accepted>(DelegationPolicy.Decide(claims, Now)).Delegation;
}
