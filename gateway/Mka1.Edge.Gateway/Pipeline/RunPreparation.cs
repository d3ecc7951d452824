using Mka1.Edge.Gateway.History;
using Mka1.Edge.Gateway.Ingress;
using Mka1.Edge.Gateway.Routing;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Pipeline;

/// <summary>Takes a request through Intake, Safety, History and Routing: for runs, and for what asks about a run without beginning one.</summary>
internal sealed class RunPreparation(SafetyStage safety, HistoryStage history, RoutingStage routing)
{
    private readonly IRunStage[] _stages = [safety, history, routing];

    /// <summary>Reads the request and finds out all that is to be known before it is sent on.</summary>
    /// <returns>The refusal of the stage that refused; null when none did.</returns>
    public async ValueTask<ApiError?> PrepareAsync(ResponseRun run, HttpContext http) =>
        await IntakeStage.RunAsync(run, http, http.RequestAborted) ?? await ResolveAsync(run, http.RequestAborted);

    /// <summary>The same for a request that has been read.</summary>
    public async ValueTask<ApiError?> ResolveAsync(ResponseRun run, CancellationToken cancellation)
    {
        foreach (var stage in _stages)
        {
            if (await stage.RunAsync(run, cancellation) is { } refusal) return refusal;
        }

        return null;
    }
}
