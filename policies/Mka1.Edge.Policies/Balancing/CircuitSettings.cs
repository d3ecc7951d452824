namespace Mka1.Edge.Policies.Balancing;

/// <summary>When a destination is left out, and for how long.</summary>
/// <param name="Failures">Failures in a row that open the circuit.</param>
/// <param name="FailureRate">The part of the requests within <paramref name="Window"/> whose failure opens it, above 0 and at most 1.</param>
/// <param name="MinimumRequests">Requests within the window without which the rate says nothing.</param>
/// <param name="Window">How far back the rate looks.</param>
/// <param name="FirstRest">How long it stays open the first time; each time after that twice as long.</param>
/// <param name="LongestRest">The longest it stays open.</param>
/// <param name="Trials">Requests let through at once to find out whether it is well again.</param>
public sealed record CircuitSettings(
    int Failures, double FailureRate, int MinimumRequests, TimeSpan Window, TimeSpan FirstRest, TimeSpan LongestRest, int Trials = 1)
{
    /// <summary>The part by which a rest is longer or shorter than its length, so that replicas do not come back together.</summary>
    public const double Jitter = 0.2;

    /// <summary>How often a destination is tried when its pool has no other, whatever its rest: an outage must not outlive its cause.</summary>
    public static readonly TimeSpan RestInNeed = TimeSpan.FromSeconds(1);

    /// <summary>The rest after a number of openings in a row.</summary>
    /// <param name="openings">1 for the first.</param>
    /// <param name="random">From 0 to 1; decides the jitter.</param>
    public TimeSpan RestAfter(int openings, double random)
    {
        var doubled = FirstRest.TotalSeconds * Math.Pow(2, Math.Min(openings - 1, 30)) * (1 - Jitter + (2 * Jitter * random));
        return TimeSpan.FromSeconds(Math.Min(doubled, LongestRest.TotalSeconds));
    }
}
