using Mka1.Edge.Gateway.Endpoints;
using Mka1.Edge.Gateway.Identity;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Routing;
using Mka1.Edge.Gateway.Trials;
using Mka1.Edge.Policies.Canary;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Responses;
using Microsoft.AspNetCore.Mvc;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>
/// <c>POST /admin/v1/routing/explain</c>: where a create request would go, and why, in the very stage that routes requests. No model is
/// asked, nothing is stored, logged or counted. <c>?tenant=</c>, <c>&amp;key=</c> and <c>&amp;end_user=</c> say who would send it.
/// </summary>
internal static class ExplainEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider gateway)
    {
        var (stage, candidate, keys) = (gateway.GetRequiredService<RoutingStage>(), gateway.GetRequiredService<RoutingCandidate>(), gateway.GetRequiredService<KeyDirectory>());
        routes.MapPost("/routing/explain", async (HttpContext http, string? tenant, string? key, [FromQuery(Name = "end_user")] string? endUser) =>
        {
            var edge = http.Edge();
            if (await EndpointBody.ReadAsync(http, body => RequestParser.ParseCreate(body, RequestLimits.Default, edge.Snapshot.Defaults)) is not { } request) return;
            var (caller, refusal) = CallerOf(keys, tenant, key, endUser);
            if (refusal is not null)
            {
                await http.RefuseAsync(refusal);
                return;
            }

            var run = new ResponseRun(ResponseIds.New(ResponseIds.Response), edge.RequestId, edge.Snapshot, caller!, DateTimeOffset.UnixEpoch, 0)
            {
                Request = request,
                History = new RunHistory(default, [], null, request.Input),
            };
            await TypedResults.Json(Explain(run, stage, candidate), TrialJson.Default.RoutingExplanation).ExecuteAsync(http);
        });
    }

    private static (Caller? Caller, ApiError? Refusal) CallerOf(KeyDirectory keys, string? tenant, string? key, string? endUser)
    {
        // Without a key: one that may use every model.
        if (key is null) return (new Caller(new KeyGrant(tenant ?? "", "", new HashSet<string>()), endUser), null);
        if (tenant is null) return (null, new ApiError(ErrorCode.MissingRequiredParameter, "A key is one of a tenant's: name the tenant too.", "tenant"));
        return keys.Ring.FindById(tenant, key) is { } found
            ? (new Caller(found.Grant, endUser), null)
            : (null, new ApiError(ErrorCode.InvalidValue, "The tenant has no such key.", "key"));
    }

    private static RoutingExplanation Explain(ResponseRun run, RoutingStage stage, RoutingCandidate candidate)
    {
        var request = run.Request;
        var verdict = stage.Decide(run, explain: true);
        var routed = verdict.Decision as RoutingDecision.Routed;
        return new RoutingExplanation(
            request.Model,
            request.AutoRouting,
            routed is null ? "refused" : "routed",
            routed is null ? Refused(RoutingStage.RefusalOf(verdict)) : null,
            routed is null ? null : Way(run, RoutingStage.Choose(run, routed.Variant), routed.Variant),
            routed?.Complexity is { } complexity ? Judgement(verdict, complexity) : null,
            request.AutoRouting ? RoutingFeatures.Of(verdict.Facts.Complexity) : null,
            [.. verdict.Facts.Needs.Select(need => new RoutingExplanation.Need(need.Name, need.Param))],
            request.PreviousResponseId is not null || request.Conversation is not null || request.Prompt is not null,
            routed is not null && candidate.Peek(run, verdict, routed) is { } other ? new RoutingExplanation.Other(other.Weights, other.Tier.Name(), other.Tier == routed.Variant.Tier) : null);
    }

    private static RoutingExplanation.Refused Refused(ApiError error) => new(error.Shape.Status, error.Shape.Code, error.Message, error.Param);

    private static RoutingExplanation.Way Way(ResponseRun run, CanaryDecision chosen, ModelVariant own)
    {
        var variant = chosen.Variant;
        return new RoutingExplanation.Way(
            variant.Model,
            variant.Tier.Name(),
            chosen.Arm.ToString().ToLowerInvariant(),
            variant.Pool,
            variant.UpstreamModel,
            run.Snapshot.IsPoolAvailable(variant.Pool),
            chosen.Arm == RouteArm.Canary ? null : own.Shadow?.Variant.Pool);
    }

    private static RoutingExplanation.Judgement Judgement(RoutingVerdict verdict, ComplexityScore score)
    {
        var thresholds = verdict.Facts.Thresholds ?? TierThresholds.Standard;
        return new RoutingExplanation.Judgement(
            verdict.Model.Classifier.Version, score.DesiredTier.Name(), score.Score, score.Level, score.Probability, thresholds.Moe, thresholds.Dense, score.Contributions);
    }
}
