namespace Mka1.Edge.Policies.Safety;

/// <summary>One step on the ladder, as seen from outside.</summary>
/// <param name="At">When it happened.</param>
/// <param name="From">The rung before.</param>
/// <param name="To">The rung after.</param>
/// <param name="Score">The score then.</param>
/// <param name="Reason">Why.</param>
public sealed record SafetyStep(DateTimeOffset At, SafetyRung From, SafetyRung To, double Score, SafetyStepReason Reason);
