using Mka1.Edge.Policies.Safety;

namespace Mka1.Edge.Stores.Safety;

/// <summary>What an operator wants done with a subject.</summary>
/// <param name="Tenant">The subject's tenant.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Actor">Who wants it, for the audit: such as <c>key:main</c>.</param>
/// <param name="Reason">Why, in the operator's words.</param>
public abstract record SafetyOrder(string Tenant, SafetySubject Subject, string Actor, string Reason)
{
    /// <summary>Hold it on a rung.</summary>
    public sealed record Pin(string Tenant, SafetySubject Subject, SafetyOverride Word, string Actor, string Reason)
        : SafetyOrder(Tenant, Subject, Actor, Reason);

    /// <summary>Let its score count again.</summary>
    public sealed record Clear(string Tenant, SafetySubject Subject, string Actor, string Reason)
        : SafetyOrder(Tenant, Subject, Actor, Reason);

    /// <summary>Raise its score.</summary>
    public sealed record Mark(string Tenant, SafetySubject Subject, double Weight, string Actor, string Reason)
        : SafetyOrder(Tenant, Subject, Actor, Reason);
}
