using System.Diagnostics;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Pipeline;

namespace Mka1.Edge.Gateway.Telemetry;

/// <summary>Around all stages: a span and a line in the log for each request but health checks, where they are wanted.</summary>
internal sealed class RequestTelemetryMiddleware(
    RequestDelegate next, EdgeTracing tracing, EdgeConfiguration configuration, TimeProvider clock, ILogger<RequestTelemetryMiddleware> logger)
{
    /// <summary>What proxies note for a client that left before its answer began: there is no status.</summary>
    private const int ClientClosedRequest = 499;

    public Task InvokeAsync(HttpContext http)
    {
        var settings = configuration.Current.Config.Telemetry;
        return (tracing.IsOn || settings.AccessLog || settings.AcceptTraceparent) && !IsHealthCheck(http.Request.Path) ? ObserveAsync(http, settings) : next(http);
    }

    private static bool IsHealthCheck(PathString path) => path == "/healthz" || path == "/readyz";

    private async Task ObserveAsync(HttpContext http, TelemetryConfig settings)
    {
        var began = clock.GetTimestamp();
        using var span = tracing.BeginRequest(http.Request, settings.AcceptTraceparent);
        try
        {
            await next(http);
        }
        finally
        {
            var status = http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted ? ClientClosedRequest : http.Response.StatusCode;
            RequestSpan.Tell(span, http, status);
            if (settings.AccessLog) Log(http, status, span, clock.GetElapsedTime(began));
        }
    }

    private void Log(HttpContext http, int status, Activity? span, TimeSpan duration)
    {
        var edge = http.Features.Get<EdgeRequest>();
        var run = edge?.Run is { Route: not null } routed ? routed : null;
        var outcome = run?.Outcome;
        logger.Answered(
            edge?.RequestId, span?.TraceId.ToHexString(), http.Request.Method, RequestSpan.RouteOf(http), status, (outcome?.Error ?? edge?.Refusal)?.Shape.Code,
            run?.Request.Model, run?.Route.Variant.Model, outcome?.Destination, outcome?.End,
            outcome?.Usage?.InputTokens, outcome?.Usage?.OutputTokens, outcome?.TimeToFirstToken?.TotalMilliseconds, duration.TotalMilliseconds);
    }
}
