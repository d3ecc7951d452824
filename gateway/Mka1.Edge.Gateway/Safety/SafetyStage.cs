using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Safety;

/// <summary>Stage 5: refuses those an operator has blocked, known by <c>safety_identifier</c>, else end user, else <c>user</c>.</summary>
internal sealed class SafetyStage : IRunStage
{
    public ValueTask<ApiError?> RunAsync(ResponseRun run, CancellationToken cancellation)
    {
        var subject = SafetySubject.Of(
            run.Snapshot.SafetyHashKey,
            run.Caller.Grant.TenantId,
            run.Request.SafetyIdentifier,
            run.Caller.EndUser,
            run.Request.User);
        return ValueTask.FromResult(SafetyPolicy.Decide(subject, run.Snapshot.BlockedSubjects) switch
        {
            SafetyDecision.Block => new ApiError(ErrorCode.SafetyBlocked, "Requests for this safety identifier are blocked. Ask your administrator."),
            _ => null,
        });
    }
}
