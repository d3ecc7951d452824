using Mka1.Edge.Gateway.Identity;
using Mka1.Edge.Gateway.State;
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

    /// <summary>
    /// Not ready from the moment shutdown begins, so that a load balancer sends nothing more while streams drain. A store that is
    /// away is named, but leaves the gateway ready: it serves what it can, and another replica would be no better off.
    /// </summary>
    private static JsonHttpResult<Health> Ready(IHostApplicationLifetime lifetime, StateHealth state)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return TypedResults.Json(Stopping, EndpointJson.Default.Health, statusCode: StatusCodes.Status503ServiceUnavailable);
        return TypedResults.Json(state.Away() is { Count: > 0 } away ? new Health("degraded", away) : Ok, EndpointJson.Default.Health);
    }

    internal sealed record Health(string Status, IReadOnlyList<string>? Away = null);
}
