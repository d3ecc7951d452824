namespace Mka1.Edge.Policies.Safety;

/// <summary>What raises a subject's score.</summary>
public enum SafetySignal
{
    /// <summary>A rule found something in the input. Its weight is the rule's.</summary>
    RuleHit,

    /// <summary>The model refused to answer.</summary>
    ModelRefusal,

    /// <summary>A request was refused because a quota was used up.</summary>
    QuotaRefusal,

    /// <summary>A refused request, in a minute that had too many of them.</summary>
    ClientErrorStorm,

    /// <summary>An operator says so.</summary>
    OperatorMark,
}
