namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Limits on what one request may cost the gateway.</summary>
public sealed record LimitsConfig
{
    /// <summary>Largest request body in bytes (1,024–268,435,456).</summary>
    public long MaxRequestBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Largest answer of a model server in bytes (1,024–1,073,741,824).</summary>
    public long MaxResponseBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Largest stream of a model server in bytes, all its events together (1,024–4,294,967,296).</summary>
    public long MaxStreamBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Largest event of a model server's stream in bytes (1,024–67,108,864). The last one holds the whole answer.</summary>
    public int MaxEventBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Seconds that a client may leave its stream unread (1–600).</summary>
    public double WriteStallSeconds { get; init; } = 30;

    /// <summary>Seconds between keep-alive comments on a silent stream (1–300).</summary>
    public double KeepAliveSeconds { get; init; } = 15;

    /// <summary>
    /// Seconds for which a gateway told to stop still takes requests while <c>/readyz</c> says 503 (0–300): as long as load
    /// balancers need to notice. Read at the start only.
    /// </summary>
    [Restart]
    public double ShutdownDelaySeconds { get; init; }

    /// <summary>Seconds that running requests get to end at shutdown (1–3,600). Read at the start only.</summary>
    [Restart]
    public double ShutdownSeconds { get; init; } = 30;
}
