using Mka1.Edge.Telemetry;

namespace Mka1.Edge.ModelServer;

/// <summary>How one model server runs: section <c>ModelServer</c> of the configuration.</summary>
public sealed class ModelServerOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "ModelServer";

    internal const string ManagedEngine = "managed";

    internal const string TorchEngine = "torch";

    /// <summary>The model's directory, in the Hugging Face layout; required. A relative path starts at the working directory.</summary>
    public string Model { get; set; } = "";

    /// <summary>The name requests must ask for: 1 to 128 characters; default the directory's name.</summary>
    public string? Name { get; set; }

    /// <summary>Requests decoded at the same time: 1 to 256; default 16.</summary>
    public int MaxConcurrentRequests { get; set; } = 16;

    /// <summary>Requests that may wait for a place: 0 to 10000; default 64. One more is answered 503.</summary>
    public int MaxQueuedRequests { get; set; } = 64;

    /// <summary>Largest request body in bytes: 1 KiB to 256 MiB; default 32 MiB.</summary>
    public long MaxRequestBytes { get; set; } = 32 << 20;

    /// <summary>Tokens that prompt and output may hold together, 16 or more and at most the model's own, which is the default.</summary>
    public int? ContextWindow { get; set; }

    /// <summary>Output tokens one request may ask for: 1 or more; no limit but the context window when null. A request that names none gets this.</summary>
    public int? MaxOutputTokens { get; set; }

    /// <summary>How long a model with a think section may think before it answers.</summary>
    public ThinkingTokenOptions ThinkingTokens { get; set; } = new();

    /// <summary>Bytes of key-value cache: enough for one context window; by default for all places, but at most a quarter of the memory.</summary>
    public long? CacheBytes { get; set; }

    /// <summary>Prompt tokens read in one step beside the answers that decode: 16 to 8192; default 128.</summary>
    public int StepTokens { get; set; } = 128;

    /// <summary>Whether a short generation is run before the server listens, so that the first caller does not wait for code to be compiled.</summary>
    public bool Warmup { get; set; }

    /// <summary><c>managed</c>, the default: vector kernels of our own on the processor; <c>torch</c>: libtorch, in a build with TorchSharp.</summary>
    public string Engine { get; set; } = ManagedEngine;

    /// <summary>Where the engine <c>torch</c> computes: <c>cpu</c>, the default, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string? Device { get; set; }

    /// <summary>What the engine <c>torch</c> computes in: <c>fp32</c>, <c>bf16</c>, <c>fp16</c>, or <c>auto</c>, the default: bf16 on CUDA, fp32 on a CPU.</summary>
    public string? Dtype { get; set; }

    /// <summary>Whether <c>POST /v1/chat/completions</c> is there too; default false.</summary>
    public bool ChatCompletions { get; set; }

    /// <summary>The bearer key callers must show, 16 characters or more; none is asked for when null.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The collector traces and metrics are sent to by OTLP, such as <c>http://collector:4317</c>; by default what OTEL_EXPORTER_OTLP_ENDPOINT names, else none.</summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>How <see cref="OtlpEndpoint"/> is spoken to: <c>Grpc</c>, the default, or <c>HttpProtobuf</c>.</summary>
    public OtlpProtocol OtlpProtocol { get; set; }

    /// <summary>The share of traces begun here that is sent: 0 to 1; default 1. Of what a gateway began, it says which.</summary>
    public double SamplingRatio { get; set; } = 1;

    /// <summary>Whether log lines are JSON objects, with the ids of their trace; default false.</summary>
    public bool JsonLogs { get; set; }

    /// <summary>Threads that share one large matrix: 1 to 256; default one a core.</summary>
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>Silence after which a stream gets a comment, so that nothing on the way gives it up: 1 s to 10 min; default 15 s.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a reader may leave one write waiting before its stream is cut: 1 s to 10 min; default 30 s.</summary>
    public TimeSpan WriteStall { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long answers in progress may go on once the server stops: 0 to 1 h; default 25 s. Then they end as failed.</summary>
    public TimeSpan Drain { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>The name requests must ask for, whether given or taken from the directory.</summary>
    internal string ServedName => Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Model)));
}
