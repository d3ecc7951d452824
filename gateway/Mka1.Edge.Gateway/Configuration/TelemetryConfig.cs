using Mka1.Edge.Telemetry;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>What the gateway tells of itself, beside the metrics on the operators' listener.</summary>
public sealed record TelemetryConfig
{
    /// <summary>
    /// The collector that traces and metrics are sent to by OTLP, such as <c>http://collector:4317</c>, without a path; left out, the variable
    /// OTEL_EXPORTER_OTLP_ENDPOINT names it, and without that nothing is sent. Read at the start only.
    /// </summary>
    [Restart]
    public string? OtlpEndpoint { get; init; }

    /// <summary>How it is spoken to. Counts with <see cref="OtlpEndpoint"/>; otherwise the variable OTEL_EXPORTER_OTLP_PROTOCOL does. Read at the start only.</summary>
    [Restart]
    public OtlpProtocol OtlpProtocol { get; init; }

    /// <summary>Whether log lines are sent too. Read at the start only.</summary>
    [Restart]
    public bool OtlpLogs { get; init; }

    /// <summary>The share of traces that is sent (0–1). A caller's trace that is taken up is sent if the caller sends its part. Read at the start only.</summary>
    [Restart]
    public double SamplingRatio { get; init; } = 0.1;

    /// <summary>Whether a request goes on with the trace that its <c>traceparent</c> names; otherwise each begins a trace of its own.</summary>
    public bool AcceptTraceparent { get; init; }

    /// <summary>How log lines are written to standard output. Read at the start only.</summary>
    [Restart]
    public LogFormat LogFormat { get; init; }

    /// <summary>Whether each request gets a line in the log when it ends; health checks get none.</summary>
    public bool AccessLog { get; init; }
}
