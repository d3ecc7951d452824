using Mka1.Edge.Policies.Safety;

namespace Mka1.Edge.Policies.Tests.Safety;

/// <summary>A subject that signals come in for, and a clock for it.</summary>
internal sealed class Risk(SafetyLadder? ladder = null)
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public SafetyLadder Ladder { get; } = ladder ?? SafetyLadder.Default;

    public DateTimeOffset Now { get; private set; } = Start;

    public SafetyStanding Standing { get; set; } = SafetyStanding.New(Start);

    public List<SafetyStep> Steps { get; } = [];

    public SafetyRung Rung => Standing.EffectiveAt(Now);

    public IEnumerable<string> Walk => Steps.Select(step => $"{step.From.Name()}>{step.To.Name()} {step.Reason}");

    public Risk Signal(double weight)
    {
        Standing = SafetyPolicy.Raise(Standing, new SafetyScore(weight, Now), Ladder, Steps);
        return this;
    }

    public Risk Pin(SafetyOverride? word)
    {
        Standing = SafetyPolicy.Pin(Standing, word, Ladder, Now, Steps);
        return this;
    }

    public Risk Pass(TimeSpan time)
    {
        Now += time;
        Standing = SafetyPolicy.Advance(Standing, Ladder, Now, Steps);
        return this;
    }
}
