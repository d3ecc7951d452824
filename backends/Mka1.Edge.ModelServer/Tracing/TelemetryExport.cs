using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Mka1.Edge.ModelServer.Metrics;
using Mka1.Edge.Telemetry;

namespace Mka1.Edge.ModelServer.Tracing;

/// <summary>Sends traces and metrics by OTLP while the server runs, where its options or the environment say so.</summary>
internal sealed class TelemetryExport(IOptions<ModelServerOptions> options, IMeterFactory meters) : IHostedService, IDisposable
{
    private const string Service = "mka1-edge-model-server";

    private OtlpPush? _push;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        if (OtlpTarget.Of(Service, settings.OtlpEndpoint, settings.OtlpProtocol, settings.SamplingRatio) is { } target)
            _push = new OtlpPush(target, meters, ModelServerMetrics.MeterName);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _push?.Dispose();
}
