using System.Diagnostics;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Safety;

/// <summary>
/// Stage 5: looks through the input by rules, and treats the request by where its subject stands: known by
/// <c>safety_identifier</c>, else end user, else <c>user</c>. Who named nobody meets the rules alone, and nothing is counted.
/// </summary>
internal sealed class SafetyStage(SafetyTracker tracker, DelayRoom delays, EdgeMetrics metrics, TimeProvider clock) : IRunStage
{
    private static readonly ApiError Blocked =
        new(ErrorCode.SafetyBlocked, "Requests for this safety identifier are blocked. Ask your administrator.");

    private static readonly ApiError Refused =
        new(ErrorCode.InvalidPrompt, "The request was refused: its input is not allowed here. Change it, or ask your administrator.");

    public async ValueTask<ApiError?> RunAsync(ResponseRun run, CancellationToken cancellation)
    {
        var snapshot = run.Snapshot;
        var findings = InputScan.Find(snapshot.Rules, run.Request);
        var refusing = findings.All == 0 ? null : snapshot.Rules.Of(findings.All).FirstOrDefault(rule => rule.Action == SafetyRuleAction.Refuse);
        var subject = SafetySignals.SubjectOf(run);
        var rung = subject is { } known ? await RungAsync(run, known, findings, refusing, cancellation) : SafetyRung.Allow;
        var decision = SafetyPolicy.Decide(subject, snapshot.BlockedSubjects, rung, snapshot.Ladder);
        metrics.SafetyDecided(decision is SafetyDecision.Block ? SafetyRung.Block : rung, refusing is not null);
        if (decision is SafetyDecision.Block) return Blocked;
        if (refusing is not null) return Refused;
        if (decision is not SafetyDecision.Allow) run.SafetyRung = rung;
        return decision switch
        {
            SafetyDecision.Allow or SafetyDecision.Warn => null,
            SafetyDecision.Slow slow => await DelayAsync(run, slow.Delay, cancellation),
            SafetyDecision.Review review => await DelayAsync(run, review.Delay, cancellation),
            _ => throw new UnreachableException(),
        };
    }

    private async ValueTask<SafetyRung> RungAsync(
        ResponseRun run, SafetySubject subject, InputFindings findings, SafetyRule? refusing, CancellationToken cancellation)
    {
        var snapshot = run.Snapshot;
        var tracked = tracker.Get(run.Caller.Grant.TenantId, subject);
        await tracker.KnowAsync(tracked, cancellation);
        var now = clock.GetUtcNow();
        tracker.Changed(tracked, tracked.Request(findings, refusing, snapshot.Rules, snapshot.Ladder, now));
        return tracked.RungAt(now, snapshot.Ladder);
    }

    private async ValueTask<ApiError?> DelayAsync(ResponseRun run, TimeSpan delay, CancellationToken cancellation)
    {
        if (delay <= TimeSpan.Zero) return null;
        var began = clock.GetTimestamp();
        var waited = await delays.TryWaitAsync(delay, cancellation);
        run.Waits.Add(clock.GetElapsedTime(began));
        return waited
            ? null
            : new ApiError(ErrorCode.Overloaded, "Too many requests are held back now. Retry later; see Retry-After.") { RetryAfter = delay };
    }
}
