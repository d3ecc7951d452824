using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Safety;

/// <summary>Takes what tells against a subject from wherever it shows, and counts it. Never waits, and does nothing for who named nobody.</summary>
internal sealed class SafetySignals(SafetyTracker tracker, TimeProvider clock)
{
    /// <summary>Whom a run is from; as far as the request's head says when its body could not be read.</summary>
    public static SafetySubject? SubjectOf(ResponseRun run) => SafetySubject.Of(
        run.Snapshot.SafetyHashKey, run.Caller.Grant.TenantId, run.Request?.SafetyIdentifier, run.Caller.EndUser, run.Request?.User);

    /// <summary>A request was refused before its body was read, because a quota was used up.</summary>
    public void QuotaRefused(EdgeRequest edge)
    {
        if (edge.Caller is { } caller && SafetySubject.Of(edge.Snapshot.SafetyHashKey, caller.Grant.TenantId, null, caller.EndUser, null) is { } subject)
            Count(edge.Snapshot, caller.Grant.TenantId, subject, SafetySignal.QuotaRefusal, edge.Snapshot.Config.Safety.Weights.QuotaRefusal);
    }

    /// <summary>A run has ended: what it was refused for, and whether the model refused.</summary>
    public void Settled(ResponseRun run)
    {
        var weights = run.Snapshot.Config.Safety.Weights;
        if (run.Outcome is { End: RunEnd.Refused, Error: { } error }) Refused(run, error, weights);
        else if (run.Outcome.ModelRefused || HoldsRefusal(run.Progress.Final)) Count(run, SafetySignal.ModelRefusal, weights.ModelRefusal);
    }

    private void Refused(ResponseRun run, ApiError error, SafetyWeightsConfig weights)
    {
        switch (error.Code)
        {
            case ErrorCode.RateLimitExceeded or ErrorCode.InsufficientQuota:
                Count(run, SafetySignal.QuotaRefusal, weights.QuotaRefusal);
                break;
            case ErrorCode.SafetyBlocked or ErrorCode.InvalidPrompt:
                // Whoever is blocked is not to be blocked for being blocked; and rules have their own weights.
                break;
            default:
                if (error.Shape.Status is < 400 or >= 500 || SubjectOf(run) is not { } subject) break;
                if (tracker.Get(run.Caller.Grant.TenantId, subject).IsErrorStorm(run.Snapshot.Config.Safety.ClientErrorsPerMinute, clock.GetUtcNow()))
                    Count(run, SafetySignal.ClientErrorStorm, weights.ClientError);
                break;
        }
    }

    private void Count(ResponseRun run, SafetySignal signal, double weight)
    {
        if (SubjectOf(run) is { } subject) Count(run.Snapshot, run.Caller.Grant.TenantId, subject, signal, weight);
    }

    private void Count(EdgeSnapshot snapshot, string tenant, SafetySubject subject, SafetySignal signal, double weight)
    {
        var tracked = tracker.Get(tenant, subject);
        tracker.Changed(tracked, tracked.Signal(signal, weight, snapshot.Ladder, clock.GetUtcNow()));
    }

    private static bool HoldsRefusal(ResponseObject? response) =>
        response is not null && response.Output.Any(item => item is MessageItem message && message.Content.Any(part => part is RefusalPart));
}
