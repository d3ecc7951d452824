namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Probes: requests that ask a server how it is and generate no tokens.</summary>
public sealed record ActiveHealthConfig
{
    /// <summary>Whether servers are probed.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Path on every server. An answer of 2xx or 4xx is a sign of life; a server without such a path is taken to be well.</summary>
    public string Path { get; init; } = "/health";

    /// <summary>Seconds between probes (0.1–3,600).</summary>
    public double IntervalSeconds { get; init; } = 2;

    /// <summary>Seconds that a probe waits for its answer (0.1–60).</summary>
    public double TimeoutSeconds { get; init; } = 2;

    /// <summary>Failed probes in a row after which a server is left out (1–100).</summary>
    public int UnhealthyAfter { get; init; } = 2;

    /// <summary>Probes in a row that must succeed before it gets requests again (1–100).</summary>
    public int HealthyAfter { get; init; } = 1;
}
