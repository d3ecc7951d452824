namespace Mka1.Edge.Gateway.Configuration;

/// <summary>How background responses are worked off.</summary>
public sealed record BackgroundConfig
{
    /// <summary>Runs in progress on this replica at most (1–10,000).</summary>
    public int Workers { get; init; } = 16;

    /// <summary>Runs in progress for one tenant at most, over all replicas (1–10,000).</summary>
    public int PerTenant { get; init; } = 8;

    /// <summary>Seconds between looks for work that another replica took in (0.05–60).</summary>
    public double PollSeconds { get; init; } = 0.25;

    /// <summary>Seconds that a running background response gets at shutdown before another replica takes it over or it ends (0–3,600).</summary>
    public double DrainSeconds { get; init; } = 20;
}
