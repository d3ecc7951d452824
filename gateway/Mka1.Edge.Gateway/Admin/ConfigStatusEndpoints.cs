using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>Which configuration this replica serves by.</summary>
internal static class ConfigStatusEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider gateway)
    {
        var configuration = gateway.GetRequiredService<EdgeConfiguration>();
        routes.MapGet("/config/status", () => TypedResults.Json(new ConfigStatus(configuration.Current.Version), AdminJson.Default.ConfigStatus));
    }
}
