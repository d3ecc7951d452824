namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Model servers that serve the same variant.</summary>
public sealed record PoolConfig
{
    /// <summary>The servers by name.</summary>
    public IReadOnlyDictionary<string, DestinationConfig> Destinations { get; init; } = new Dictionary<string, DestinationConfig>();

    /// <summary>The API that the servers speak: <c>responses</c>, or <c>chatCompletions</c>, into which the gateway translates.</summary>
    public PoolApi Api { get; init; } = PoolApi.Responses;

    /// <summary>Path of that API's endpoint on every server; left out, the usual one (<c>/v1/responses</c>, <c>/v1/chat/completions</c>).</summary>
    public string? Path { get; init; }

    /// <summary>Seconds to wait for a connection (0.1–60).</summary>
    public double ConnectTimeoutSeconds { get; init; } = 2;

    /// <summary>Seconds to wait for a JSON answer (1–3,600), which begins when the whole text is ready.</summary>
    public double FirstByteTimeoutSeconds { get; init; } = 300;

    /// <summary>Seconds to wait for the first event of a stream, and then for the first that carries output (1–3,600).</summary>
    public double FirstTokenTimeoutSeconds { get; init; } = 120;

    /// <summary>Seconds of silence after which a running stream is given up (1–3,600).</summary>
    public double IdleTimeoutSeconds { get; init; } = 120;

    /// <summary>How a destination is chosen.</summary>
    public BalancingConfig Balancing { get; init; } = new();

    /// <summary>How it is found out which destinations are well.</summary>
    public HealthConfig Health { get; init; } = new();

    /// <summary>How often a request is sent to another destination.</summary>
    public RetryConfig Retry { get; init; } = new();
}
