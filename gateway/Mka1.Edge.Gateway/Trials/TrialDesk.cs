using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Telemetry;

namespace Mka1.Edge.Gateway.Trials;

/// <summary>Takes every run that has ended and gives it to whatever is on trial: canary, shadow, candidate. Never waits.</summary>
internal sealed class TrialDesk(TrialBoard board, ShadowMirror mirror, CandidateBoard candidates, RoutingMetrics metrics)
{
    /// <param name="run">The run.</param>
    /// <param name="usage">What it came to.</param>
    /// <param name="duration">Since the request was taken in.</param>
    public void Ended(ResponseRun run, RunUsage usage, TimeSpan duration)
    {
        // Nothing was forwarded: it is counted where, and if, something is.
        if (run.Route is not { } route || (run.Outcome.Destination is null && run.Outcome.End != RunEnd.UpstreamUnavailable)) return;
        var canary = route.Family.Variants[route.Variant.Tier].Canary;
        metrics.Routed(run, split: canary is not null);
        if (run.Candidate is { } verdict) candidates.Add(route.Variant.Tier, verdict);
        if (canary is not null) board.Add(canary, run, usage, duration);
        mirror.Offer(run, usage, duration);
    }
}
