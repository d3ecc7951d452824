namespace Mka1.Edge.Gateway.Configuration;

/// <summary>How webhooks are delivered.</summary>
public sealed record WebhooksConfig
{
    /// <summary>Allow receivers in private address ranges and on any port, for tests and in-house hooks.</summary>
    public bool AllowPrivateTargets { get; init; }

    /// <summary>Deliveries at work on this replica at most (1–1,000). One that waits for its receiver makes room for others.</summary>
    public int Workers { get; init; } = 16;

    /// <summary>Deliveries under way to one receiver at most, over all replicas (1–100).</summary>
    public int PerReceiver { get; init; } = 2;

    /// <summary>Seconds for one attempt (1–60).</summary>
    public double TimeoutSeconds { get; init; } = 15;
}
