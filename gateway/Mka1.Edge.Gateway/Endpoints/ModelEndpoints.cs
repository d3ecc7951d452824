using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>The models resource: what the caller's key may use.</summary>
internal static class ModelEndpoints
{
    /// <summary>As every other answer has it.</summary>
    private const string JsonType = "application/json";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/models", List);

        // Model names hold colons and slashes.
        api.MapGet("/models/{**id}", Get);
    }

    private static JsonHttpResult<ModelList> List(HttpContext http, EdgeStart start)
    {
        var caller = http.Caller();
        var models = http.Edge().Snapshot.Catalog.Names.Where(caller.Permits).Select(name => Describe(name, start));
        return TypedResults.Json(new ModelList([.. models]), EndpointJson.Default.ModelList, JsonType);
    }

    private static async Task Get(HttpContext http, string id, EdgeStart start)
    {
        var known = http.Caller().Permits(id) && http.Edge().Snapshot.Catalog.Find(id) is not null;
        if (known) await TypedResults.Json(Describe(id, start), EndpointJson.Default.Model, JsonType).ExecuteAsync(http);
        else await http.RefuseAsync(RoutingStage.UnknownModel(id));
    }

    private static Model Describe(string name, EdgeStart start) => new(name, start.At.ToUnixTimeSeconds());

    /// <summary>One model as clients see it.</summary>
    internal sealed record Model(string Id, long Created)
    {
        public string Object { get; } = "model";

        public string OwnedBy { get; } = "mka1-edge";

        public string ModelType { get; } = "llm";
    }

    internal sealed record ModelList(IReadOnlyList<Model> Data)
    {
        public string Object { get; } = "list";
    }
}
