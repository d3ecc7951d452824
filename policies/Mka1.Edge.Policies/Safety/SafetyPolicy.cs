namespace Mka1.Edge.Policies.Safety;

/// <summary>Decides whether a subject may go on. The first rung of the ladder: an operator's block list.</summary>
public static class SafetyPolicy
{
    /// <param name="subject">Whom the request is from; null when it named nobody.</param>
    /// <param name="blocked">Subjects that an operator blocked.</param>
    public static SafetyDecision Decide(SafetySubject? subject, IReadOnlySet<SafetySubject> blocked) =>
        subject is { } known && blocked.Contains(known) ? SafetyDecision.Block.Instance : SafetyDecision.Allow.Instance;
}
