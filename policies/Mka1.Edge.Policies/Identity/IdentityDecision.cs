namespace Mka1.Edge.Policies.Identity;

/// <summary>What Identity says of a request.</summary>
public abstract record IdentityDecision
{
    private IdentityDecision() { }

    /// <summary>The caller is known.</summary>
    public sealed record Accepted(Caller Caller) : IdentityDecision;

    /// <summary>No usable key came (401). The reason never tells an unknown key from an expired one.</summary>
    public sealed record Unauthenticated(string Reason) : IdentityDecision;

    /// <summary>The key is known and may not do this (403). <paramref name="Param"/> is what in the request it is about, if anything is.</summary>
    public sealed record Forbidden(string Reason, string? Param = null) : IdentityDecision;

    /// <summary>A header cannot be used (400).</summary>
    public sealed record Malformed(string Reason) : IdentityDecision;
}
