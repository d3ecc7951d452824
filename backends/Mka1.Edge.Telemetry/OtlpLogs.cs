using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace Mka1.Edge.Telemetry;

/// <summary>Sends log lines by OTLP, with the ids of the trace they belong to.</summary>
public static class OtlpLogs
{
    /// <summary>Adds OTLP to where lines go.</summary>
    public static ILoggingBuilder AddOtlp(this ILoggingBuilder logging, OtlpTarget target) => logging.AddOpenTelemetry(options =>
    {
        var resource = ResourceBuilder.CreateDefault();
        target.Configure(resource);
        options.SetResourceBuilder(resource);
        options.IncludeScopes = true;
        options.AddOtlpExporter(exporter => target.Configure(exporter, "/v1/logs"));
    });
}
