using Microsoft.Extensions.Options;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.ModelServer.Hosting;

namespace Mka1.Edge.ModelServer.Endpoints;

/// <summary><c>GET /health</c>: 200 while the server takes work, 503 once it stops.</summary>
internal static class HealthEndpoint
{
    public static void MapHealth(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/health", (HttpContext context, ServedModel served, StopSignal stop, IOptions<ModelServerOptions> options) =>
        {
            context.Response.StatusCode = stop.IsStopping ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            return context.Response.WriteAsJsonAsync(Report(served, stop, options.Value), ModelServerJson.Default.HealthReport, "application/json", context.RequestAborted);
        });

    private static HealthReport Report(ServedModel served, StopSignal stop, ModelServerOptions options) => Report(served, served.Engine.Load, stop, options);

    private static HealthReport Report(ServedModel served, EngineLoad load, StopSignal stop, ModelServerOptions options) => new(
        stop.IsStopping ? "stopping" : "ok",
        served.Name,
        load.Active,
        load.Queued,
        options.MaxConcurrentRequests,
        options.MaxQueuedRequests,
        load.BatchSize,
        load.PagesTotal,
        load.PagesUsed,
        load.PagesKept,
        load.TokensDecoded,
        load.PagesUsed * load.PageBytes,
        served.ContextWindow,
        served.Model.ParameterCount,
        served.Model.MemoryBytes);
}
