using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.History;
using Mka1.Edge.Gateway.Ingress;
using Mka1.Edge.Gateway.Routing;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Gateway.Settlement;

namespace Mka1.Edge.Gateway.Pipeline;

/// <summary>Takes one create request through the stages, in the order in which they stand in <see cref="EdgePipeline"/>, and settles it.</summary>
internal sealed class RunPipeline(
    IntakeStage intake,
    SafetyStage safety,
    HistoryStage history,
    RoutingStage routing,
    ForwardingStage forwarding,
    RunSettlement settlement,
    TimeProvider clock)
{
    private readonly IRunStage[] _stages = [intake, safety, history, routing, forwarding];

    public async Task RunAsync(HttpContext http)
    {
        var run = new ResponseRun(http.Edge(), clock.GetUtcNow(), clock.GetTimestamp());
        try
        {
            foreach (var stage in _stages)
            {
                if (await stage.RunAsync(run, http, http.RequestAborted) is not { } refusal) continue;
                run.Outcome.Error = refusal;
                if (run.Outcome.End == RunEnd.Unfinished) run.Outcome.End = RunEnd.Refused;
                await http.RefuseAsync(refusal);
                return;
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            run.Outcome.End = RunEnd.ClientDisconnected;
        }
        finally
        {
            await settlement.SettleAsync(run);
        }
    }
}
