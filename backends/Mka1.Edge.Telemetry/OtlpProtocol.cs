namespace Mka1.Edge.Telemetry;

/// <summary>How telemetry is sent by OTLP.</summary>
public enum OtlpProtocol
{
    /// <summary>gRPC; a collector's port for it is 4317 by convention.</summary>
    Grpc,

    /// <summary>Protobuf in HTTP requests; a collector's port for it is 4318 by convention.</summary>
    HttpProtobuf,
}
