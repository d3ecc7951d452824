using System.Diagnostics;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Routing;

/// <summary>Stage 7: model name, auto_routing and needed capabilities to a variant, and with it to a pool.</summary>
internal sealed class RoutingStage : IRunStage
{
    public ValueTask<ApiError?> RunAsync(ResponseRun run, CancellationToken cancellation)
    {
        var facts = RoutingFactsReader.Read(run.Request, run.History.Input);
        return ValueTask.FromResult(RoutingPolicy.Decide(run.Caller.Grant, run.Snapshot.Catalog.Find(facts.Model), facts) switch
        {
            RoutingDecision.Routed routed => Route(run, routed),
            RoutingDecision.UnknownModel => UnknownModel(facts.Model),
            RoutingDecision.Unsupported unsupported => Unsupported(unsupported),
            _ => throw new UnreachableException(),
        });
    }

    /// <summary>The same words whether the model does not exist or the key may not use it.</summary>
    public static ApiError UnknownModel(string model) => new(
        ErrorCode.ModelNotFound,
        $"The model '{Shorten(model)}' does not exist or this key may not use it. Models you may use: GET /api/v1/llm/models.",
        "model");

    private static ApiError? Route(ResponseRun run, RoutingDecision.Routed routed)
    {
        run.Route = routed;
        run.Envelope = ResponseEnvelope.Of(run);
        return null;
    }

    private static ApiError Unsupported(RoutingDecision.Unsupported unsupported)
    {
        var (need, capabilities) = (unsupported.Need, unsupported.Nearest.Capabilities);
        var model = unsupported.Nearest.Model;
        return need.Kind switch
        {
            CapabilityKind.Tool => new ApiError(
                ErrorCode.UnsupportedTool,
                $"{model} cannot serve tools of type '{Shorten(need.Name)}'. It serves: {Listed(capabilities.Tools)}.",
                need.Param),
            CapabilityKind.Input => new ApiError(
                ErrorCode.UnsupportedParameter,
                $"{model} cannot read '{Shorten(need.Name)}'. Beside text it reads: {Listed(capabilities.Inputs)}.",
                need.Param),
            CapabilityKind.Modality => new ApiError(
                ErrorCode.UnsupportedParameter,
                $"{model} cannot answer in '{Shorten(need.Name)}'. Beside text it answers in: {Listed(capabilities.Modalities)}.",
                need.Param),
            _ => throw new UnreachableException(),
        };
    }

    private static string Listed(IReadOnlySet<string> names) => names.Count == 0 ? "nothing" : string.Join(", ", names.Order(StringComparer.Ordinal));

    private static string Shorten(string name) => name.Length <= 64 ? name : name[..64] + "…";
}
