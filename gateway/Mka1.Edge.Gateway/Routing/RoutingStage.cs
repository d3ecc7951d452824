using System.Diagnostics;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Routing;

/// <summary>Stage 7: model name, auto_routing and needed capabilities to a variant, and with it to a pool.</summary>
internal sealed class RoutingStage(RoutingModels models) : IRunStage
{
    public ValueTask<ApiError?> RunAsync(ResponseRun run, CancellationToken cancellation)
    {
        var model = models.Current;
        var entry = run.Snapshot.Catalog.Find(run.Request.Model);
        var facts = RoutingFactsReader.Read(run.Request, run.History.Input) with
        {
            Thresholds = model.Window?.Thresholds,
            Explain = run.Request.AutoRoutingDebug,
            Before = TierBefore(run, entry),
            Healthy = run.Snapshot.IsPoolAvailable,
        };
        var decision = RoutingPolicy.Decide(run.Caller, entry, facts, model.Classifier);
        if (decision is RoutingDecision.Routed { Complexity: { } complexity }) model.Window?.Add(complexity.Level);
        return ValueTask.FromResult(decision switch
        {
            RoutingDecision.Routed routed => Route(run, routed),
            RoutingDecision.UnknownModel => UnknownModel(facts.Model),
            RoutingDecision.Unsupported unsupported => Unsupported(unsupported),
            _ => throw new UnreachableException(),
        });
    }

    /// <summary>The tier of the conversation so far, when it was served by this family.</summary>
    private static Tier? TierBefore(ResponseRun run, CatalogEntry? entry) =>
        entry is not null && run.History.RoutedModel is { } before
            ? entry.Family.Variants.Values.FirstOrDefault(variant => variant.Model == before)?.Tier
            : null;

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
