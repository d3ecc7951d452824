using Mka1.Edge.Gateway.Pipeline;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>The responses resource.</summary>
internal static class ResponseEndpoints
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/responses", Create);

    private static Task Create(HttpContext http, RunPipeline pipeline) => pipeline.RunAsync(http);
}
