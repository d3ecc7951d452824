namespace Mka1.Edge.Policies.Balancing;

/// <summary>Whether a destination gets requests.</summary>
public enum CircuitPhase
{
    /// <summary>It does.</summary>
    Closed,

    /// <summary>It rests.</summary>
    Open,

    /// <summary>A few requests find out whether it is well again.</summary>
    HalfOpen,
}
