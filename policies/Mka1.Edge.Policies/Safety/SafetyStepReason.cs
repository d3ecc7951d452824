namespace Mka1.Edge.Policies.Safety;

/// <summary>Why a subject went from one rung to another.</summary>
public enum SafetyStepReason
{
    /// <summary>Signals raised its score to a threshold.</summary>
    Score,

    /// <summary>Its score sank far enough, and long enough.</summary>
    Decay,

    /// <summary>An operator's word.</summary>
    Override,

    /// <summary>The time of an operator's word was over, or it was taken back.</summary>
    OverrideEnded,
}
