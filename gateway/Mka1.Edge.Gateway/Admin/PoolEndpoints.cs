using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>
/// How the destinations of every pool are, as this replica sees them, and taking one out: at once, at this replica, until it is put
/// back or the replica ends. What it has under way it finishes.
/// </summary>
internal static class PoolEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider gateway)
    {
        var (registry, clock) = (gateway.GetRequiredService<DestinationRegistry>(), gateway.GetRequiredService<TimeProvider>());
        var logger = gateway.GetRequiredService<ILogger<DestinationHealth>>();
        routes.MapGet("/pools", () => TypedResults.Json(
            new PoolList([.. registry.Pools.OrderBy(pool => pool.Name, StringComparer.Ordinal).Select(pool => PoolView.Of(pool, clock))]), AdminJson.Default.PoolList));
        routes.MapPost("/pools/{pool}/{destination}/drain", (HttpContext http, string pool, string destination) => DrainAsync(http, pool, destination, drain: true));
        routes.MapDelete("/pools/{pool}/{destination}/drain", (HttpContext http, string pool, string destination) => DrainAsync(http, pool, destination, drain: false));

        Task DrainAsync(HttpContext http, string poolName, string name, bool drain)
        {
            var pool = registry.Pools.FirstOrDefault(p => p.Name == poolName);
            if (pool?.Destinations.FirstOrDefault(d => d.Name == name) is not { } destination)
                return http.RefuseAsync(new ApiError(ErrorCode.NotFound, "There is no such destination. Those there are: GET /admin/v1/pools."));

            destination.State.Drain = drain == destination.IsDrainedByConfiguration ? null : drain;
            logger.DrainChanged(pool.Name, destination.Name, drain);
            return TypedResults.Json(DestinationView.Of(destination, clock), AdminJson.Default.DestinationView).ExecuteAsync(http);
        }
    }
}
