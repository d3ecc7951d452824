namespace Mka1.Edge.Policies.Safety;

/// <summary>What Safety says of a request.</summary>
public abstract record SafetyDecision
{
    private SafetyDecision() { }

    /// <summary>Go on.</summary>
    public sealed record Allow : SafetyDecision
    {
        public static readonly Allow Instance = new();
    }

    /// <summary>Refuse (403).</summary>
    public sealed record Block : SafetyDecision
    {
        public static readonly Block Instance = new();
    }
}
