namespace Mka1.Edge.Gateway.Configuration;

/// <summary>How often a request of which the client has seen nothing is sent to another server.</summary>
public sealed record RetryConfig
{
    /// <summary>Servers that one request may be sent to, the first included (1–10).</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Retries for each request of the last ten seconds (0–1).</summary>
    public double BudgetShare { get; init; } = 0.2;

    /// <summary>Retries a second that are allowed at any rate (0–100,000).</summary>
    public int MinimumPerSecond { get; init; } = 10;
}
