using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Mka1.Edge.ModelServer.Metrics;

/// <summary>Registers the instruments, the provider that adds them up and <c>GET /metrics</c>.</summary>
internal static class MetricsRegistration
{
    public static void AddModelServerMetrics(this IServiceCollection services)
    {
        services.AddSingleton<ModelServerMetrics>();
        services.AddSingleton<PrometheusExporter>();
        services.AddSingleton(Provider);
    }

    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        // Made now: from here on everything is counted.
        routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => routes.ServiceProvider.GetRequiredService<MeterProvider>());
        routes.MapGet("/metrics", (HttpContext context, PrometheusExporter exporter) =>
        {
            context.Response.ContentType = PrometheusText.ContentType;
            return context.Response.WriteAsync(exporter.Scrape(), context.RequestAborted);
        });
    }

    private static MeterProvider Provider(IServiceProvider services)
    {
        var ours = services.GetRequiredService<ModelServerMetrics>().Meter;
        return Sdk.CreateMeterProviderBuilder()
            .AddMeter(ModelServerMetrics.MeterName)
            // A process may hold several servers: each tells of itself only.
            .AddView(instrument => Mine(instrument, ours) ? null : MetricStreamConfiguration.Drop)
            .AddReader(new BaseExportingMetricReader(services.GetRequiredService<PrometheusExporter>()))
            .Build();
    }

    private static bool Mine(Instrument instrument, Meter ours) => ReferenceEquals(instrument.Meter, ours);
}
