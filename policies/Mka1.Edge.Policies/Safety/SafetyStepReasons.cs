using System.Diagnostics;

namespace Mka1.Edge.Policies.Safety;

/// <summary>Reasons by the names that the audit and notifications use.</summary>
public static class SafetyStepReasons
{
    /// <summary>The name of a reason.</summary>
    public static string Name(this SafetyStepReason reason) => reason switch
    {
        SafetyStepReason.Score => "score",
        SafetyStepReason.Decay => "decay",
        SafetyStepReason.Override => "override",
        SafetyStepReason.OverrideEnded => "override_ended",
        _ => throw new UnreachableException(),
    };
}
