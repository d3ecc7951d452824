using Mka1.Edge.Gateway.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>Probes for whoever runs the gateway. Open, and silent about what is inside.</summary>
internal static class HealthEndpoints
{
    private static readonly Health Ok = new("ok");
    private static readonly Health Stopping = new("stopping");

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", static () => TypedResults.Json(Ok, EndpointJson.Default.Health)).WithMetadata(OpenRoute.Instance);
        app.MapGet("/readyz", Ready).WithMetadata(OpenRoute.Instance);
    }

    /// <summary>Not ready from the moment shutdown begins, so that a load balancer sends nothing more while streams drain.</summary>
    private static JsonHttpResult<Health> Ready(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopping.IsCancellationRequested
        ? TypedResults.Json(Stopping, EndpointJson.Default.Health, statusCode: StatusCodes.Status503ServiceUnavailable)
        : TypedResults.Json(Ok, EndpointJson.Default.Health);

    internal sealed record Health(string Status);
}
