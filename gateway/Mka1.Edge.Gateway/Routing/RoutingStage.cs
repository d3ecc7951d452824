using System.Diagnostics;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Trials;
using Mka1.Edge.Policies.Canary;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Routing;

/// <summary>Stage 7: model name, auto_routing and needed capabilities to a variant, and with it to a pool.</summary>
internal sealed class RoutingStage(RoutingModels models, RoutingCandidate candidate) : IRunStage
{
    public ValueTask<ApiError?> RunAsync(ResponseRun run, CancellationToken cancellation)
    {
        var verdict = Decide(run, run.Request.AutoRoutingDebug);
        if (verdict.Decision is not RoutingDecision.Routed routed) return ValueTask.FromResult<ApiError?>(RefusalOf(verdict));
        if (routed.Complexity is { } complexity) verdict.Model.Window?.Add(complexity.Level);
        run.Candidate = candidate.Judge(run, verdict.Entry, verdict.Facts, routed, verdict.Model.Classifier);
        var chosen = Choose(run, routed.Variant);
        run.Route = chosen.Arm == RouteArm.Main ? routed : routed with { Variant = chosen.Variant, Arm = chosen.Arm };
        run.Envelope = ResponseEnvelope.Of(run);
        return ValueTask.FromResult<ApiError?>(null);
    }

    /// <summary>Decides on a run; changes nothing of it.</summary>
    public RoutingVerdict Decide(ResponseRun run, bool explain)
    {
        var model = models.Current;
        var entry = run.Snapshot.Catalog.Find(run.Request.Model);
        var facts = RoutingFactsReader.Read(run.Request, run.History.Input) with
        {
            Thresholds = model.Window?.Thresholds,
            Explain = explain,
            Before = TierBefore(run, entry),
            Healthy = run.Snapshot.IsPoolAvailable,
        };
        return new RoutingVerdict(RoutingPolicy.Decide(run.Caller, entry, facts, model.Classifier), entry, facts, model);
    }

    /// <summary>Which of a variant's pools a run goes to.</summary>
    public static CanaryDecision Choose(ResponseRun run, ModelVariant variant)
    {
        var owner = run.Caller.Owner;
        return CanaryPolicy.Choose(variant, new CanaryFacts(owner.TenantId, owner.EndUser, run.Request.Conversation, run.Request.PromptCacheKey, run.Snapshot.IsPoolAvailable));
    }

    /// <summary>What a client is told whose request goes nowhere.</summary>
    public static ApiError RefusalOf(RoutingVerdict verdict) => verdict.Decision switch
    {
        RoutingDecision.UnknownModel => UnknownModel(verdict.Facts.Model),
        RoutingDecision.Unsupported unsupported => Unsupported(unsupported),
        _ => throw new UnreachableException(),
    };

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
