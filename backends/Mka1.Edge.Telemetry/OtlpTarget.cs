using System.Reflection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;

namespace Mka1.Edge.Telemetry;

/// <summary>Where one service sends its telemetry by OTLP, and under which name.</summary>
/// <remarks>
/// The standard variables count where nothing else is said: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>_PROTOCOL</c>, <c>_HEADERS</c>,
/// <c>_TIMEOUT</c>, <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c>
/// (https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
/// </remarks>
public sealed class OtlpTarget
{
    /// <summary>The variable that names the collector.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string ServiceVariable = "OTEL_SERVICE_NAME";

    private readonly string _service;
    private readonly Uri? _endpoint;
    private readonly OtlpProtocol _protocol;

    private OtlpTarget(string service, Uri? endpoint, OtlpProtocol protocol, double samplingRatio) =>
        (_service, _endpoint, _protocol, SamplingRatio) = (service, endpoint, protocol, samplingRatio);

    /// <summary>The share of traces begun here that is sent, 0 to 1. What another service began is sent if that one sends its part.</summary>
    public double SamplingRatio { get; }

    /// <summary>The target; null when neither <paramref name="endpoint"/> nor the environment names one: then nothing is sent.</summary>
    /// <param name="service">The service's name, unless the environment gives another.</param>
    /// <param name="endpoint">The collector's address without a path; null for the environment's.</param>
    /// <param name="protocol">Counts with <paramref name="endpoint"/>; the environment's comes with its own.</param>
    /// <param name="samplingRatio">The share of traces sent, 0 to 1.</param>
    public static OtlpTarget? Of(string service, string? endpoint, OtlpProtocol protocol, double samplingRatio)
    {
        if (endpoint is null && string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(EndpointVariable))) return null;
        return new OtlpTarget(Environment.GetEnvironmentVariable(ServiceVariable) ?? service, endpoint is null ? null : new Uri(endpoint), protocol, samplingRatio);
    }

    internal void Configure(ResourceBuilder resource) =>
        resource.AddService(_service, serviceVersion: Assembly.GetEntryAssembly()?.GetName().Version?.ToString(3));

    /// <param name="options">Filled from the environment already.</param>
    /// <param name="path">Where a collector takes this kind of telemetry over HTTP.</param>
    internal void Configure(OtlpExporterOptions options, string path)
    {
        if (_endpoint is null) return;
        options.Protocol = _protocol == OtlpProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = _protocol == OtlpProtocol.Grpc ? _endpoint : new Uri(_endpoint, path);
    }
}
