using System.Diagnostics;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Responses;
using Mka1.Edge.Telemetry;

namespace Mka1.Edge.Gateway.Telemetry;

/// <summary>What the span of a request, or of a background run, tells. A model is named as the configuration has it: what a client made up is left out.</summary>
internal static class RequestSpan
{
    public static void Tell(Activity? span, HttpContext http, int status)
    {
        if (span is null) return;
        var route = RouteOf(http);
        span.DisplayName = route is null ? http.Request.Method : $"{http.Request.Method} {route}";
        if (!span.IsAllDataRequested) return;
        span.SetTag("http.request.method", http.Request.Method).SetTag("http.response.status_code", status);
        if (route is not null) span.SetTag("http.route", route);
        var edge = http.Features.Get<EdgeRequest>();
        Tell(span, edge?.Run);
        if (edge?.Refusal is { } refusal) span.SetTag("error.type", refusal.Shape.Code);
        if (status >= StatusCodes.Status500InternalServerError) span.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Adds what a run came to.</summary>
    public static void Tell(Activity? span, ResponseRun? run)
    {
        if (span is not { IsAllDataRequested: true } || run?.Route is not { } route) return;
        var outcome = run.Outcome;
        span.SetOperation(run.Request.Model)
            .SetTag("gen_ai.response.model", route.Variant.Model)
            .SetTag("gen_ai.response.id", run.Id)
            .SetTag("mka1.edge.pool", route.Variant.Pool)
            .SetTag("mka1.edge.routing.tier", route.Variant.Tier.Name())
            .SetTag("mka1.edge.stream", run.Request.Stream)
            .SetTag("mka1.edge.end", outcome.End.ToString());
        if (outcome.Destination is { } destination) span.SetTag("mka1.edge.destination", destination);
        if (outcome.Usage is { } usage) span.SetUsage(usage.InputTokens, usage.OutputTokens, usage.InputTokensDetails?.CachedTokens ?? 0);
        if (run.Progress.Final is { } final) span.SetFinish(FinishReasons.Of(final));
        if (EdgeMetrics.ErrorType(run) is { } error) span.SetFailed(error);
        if (outcome.TimeToFirstToken is { } first) span.AddEvent(new ActivityEvent(Spans.FirstToken, span.StartTimeUtc + first));
    }

    /// <summary>The pattern of the address that was asked for: ids in an address are no part of it.</summary>
    public static string? RouteOf(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/');
}
