namespace Mka1.Edge.Policies.Identity;

/// <summary>What becomes of a delegated key's claims.</summary>
public abstract record DelegationDecision
{
    private DelegationDecision() { }

    /// <summary>They are in order.</summary>
    public sealed record Accepted(Delegation Delegation) : DelegationDecision;

    /// <summary>They are not. <paramref name="Reason"/> is for the tenant that minted the key, and holds nothing of it.</summary>
    public sealed record Refused(string Reason) : DelegationDecision;
}
