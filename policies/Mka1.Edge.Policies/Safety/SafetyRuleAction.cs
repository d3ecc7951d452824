namespace Mka1.Edge.Policies.Safety;

/// <summary>What a rule does beside raising the score.</summary>
public enum SafetyRuleAction
{
    /// <summary>Nothing.</summary>
    Score,

    /// <summary>The request is refused.</summary>
    Refuse,
}
