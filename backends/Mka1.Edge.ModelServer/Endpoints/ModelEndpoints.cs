using Mka1.Edge.ModelServer.Hosting;
using Mka1.Edge.ModelServer.Http;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Endpoints;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/models");
        group.MapGet("", (HttpContext context, ServedModel served) =>
            context.Response.WriteAsJsonAsync(new ModelList([Card(served)]), ModelServerJson.Default.ModelList, "application/json", context.RequestAborted));
        group.MapGet("/{id}", (HttpContext context, ServedModel served, string id) => id == served.Name
            ? context.Response.WriteAsJsonAsync(Card(served), ModelServerJson.Default.ModelCard, "application/json", context.RequestAborted)
            : ErrorAnswer.WriteAsync(context, new(ErrorCode.ModelNotFound, "This server has no such model. What it has: GET /v1/models.", "model")));
    }

    private static ModelCard Card(ServedModel served) => new(served.Name, served.CreatedAt, served.ContextWindow);
}
