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

    /// <summary>Go on, and say that the subject has drawn attention.</summary>
    public sealed record Warn : SafetyDecision
    {
        public static readonly Warn Instance = new();
    }

    /// <summary>Go on after a while.</summary>
    /// <param name="Delay">How long to hold the request back.</param>
    public sealed record Slow(TimeSpan Delay) : SafetyDecision;

    /// <summary>Go on after a while; a person should look at the subject.</summary>
    /// <param name="Delay">How long to hold the request back.</param>
    public sealed record Review(TimeSpan Delay) : SafetyDecision;

    /// <summary>Refuse (403).</summary>
    public sealed record Block : SafetyDecision
    {
        public static readonly Block Instance = new();
    }
}
