using System.Diagnostics.Metrics;
using Mka1.Edge.Telemetry;

namespace Mka1.Edge.ModelServer.Metrics;

/// <summary>Registers the instruments, what adds them up and <c>GET /metrics</c>.</summary>
internal static class MetricsRegistration
{
    public static void AddModelServerMetrics(this IServiceCollection services)
    {
        services.AddSingleton<ModelServerMetrics>();
        services.AddSingleton(provider => new MetricsScraper(provider.GetRequiredService<IMeterFactory>(), ModelServerMetrics.MeterName));
    }

    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        // Made now: from here on everything is counted.
        var services = routes.ServiceProvider;
        services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() =>
        {
            services.GetRequiredService<MetricsScraper>();
            services.GetRequiredService<ModelServerMetrics>();
        });
        routes.MapGet("/metrics", (HttpContext context, MetricsScraper scraper) =>
        {
            context.Response.ContentType = MetricsScraper.ContentType;
            return context.Response.WriteAsync(scraper.Scrape(), context.RequestAborted);
        });
    }
}
