using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Mka1.Edge.Telemetry;

/// <summary>Sends the traces and metrics of one host by OTLP, from its making until it is disposed of; what is left then is sent first.</summary>
public sealed class OtlpPush : IDisposable
{
    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    /// <param name="target">Where to.</param>
    /// <param name="factory">Made the host's meters: those of other hosts in the process are left out.</param>
    /// <param name="name">The name of meters and activity source.</param>
    public OtlpPush(OtlpTarget target, IMeterFactory factory, string name)
    {
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(target.Configure)
            .AddSource(name)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(target.SamplingRatio)))
            .AddOtlpExporter(options => target.Configure(options, "/v1/traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(target.Configure)
            .AddMeter(name)
            .AddView(instrument => ReferenceEquals(instrument.Meter.Scope, factory) ? null : MetricStreamConfiguration.Drop)
            .AddOtlpExporter(options => target.Configure(options, "/v1/metrics"))
            .Build();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }
}
