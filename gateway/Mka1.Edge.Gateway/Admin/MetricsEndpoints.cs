using Mka1.Edge.Gateway.Identity;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Telemetry;

namespace Mka1.Edge.Gateway.Admin;

/// <summary><c>GET /metrics</c> for whoever scrapes: they hold no key, and find no caller in it.</summary>
internal static class MetricsEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider gateway)
    {
        // Made now: from here on everything is counted.
        var scraper = gateway.GetRequiredService<MetricsScraper>();
        TelemetryServices.MakeAll(gateway);
        routes.MapGet("/metrics", (HttpContext http) =>
        {
            http.Response.ContentType = MetricsScraper.ContentType;
            return http.Response.WriteAsync(scraper.Scrape(), http.RequestAborted);
        }).WithMetadata(OpenRoute.Instance);
    }
}
