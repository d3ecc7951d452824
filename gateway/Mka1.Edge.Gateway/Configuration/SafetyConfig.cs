namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Abuse: how callers' safety identifiers are kept, what raises a score, and what a score leads to.</summary>
public sealed record SafetyConfig
{
    /// <summary>
    /// Secret under which identifiers are hashed; derived from <c>stores.encryptionKey</c> when left out, and random for this process
    /// when that is, too. Replicas need the same one; with another one everybody begins anew. Read at the start only.
    /// </summary>
    [Restart]
    public string? HashKey { get; init; }

    /// <summary>Minutes in which a score halves (0.1–10,080).</summary>
    public double HalfLifeMinutes { get; init; } = 60;

    /// <summary>The scores from which the rungs hold.</summary>
    public SafetyThresholdsConfig Thresholds { get; init; } = new();

    /// <summary>The part of its threshold that a score must sink below before a rung is left (0.01–1).</summary>
    public double ReleaseRatio { get; init; } = 0.5;

    /// <summary>Seconds for which a rung is held at least (0–86,400).</summary>
    public double MinimumDwellSeconds { get; init; } = 60;

    /// <summary>What each kind of signal adds to a score; rules have weights of their own.</summary>
    public SafetyWeightsConfig Weights { get; init; } = new();

    /// <summary>Refused requests of a subject in a minute, on one replica, beyond which each is a signal (1–100,000).</summary>
    public int ClientErrorsPerMinute { get; init; } = 20;

    /// <summary>Seconds by which <c>slow</c> holds a request back (0–60).</summary>
    public double SlowSeconds { get; init; } = 2;

    /// <summary>Seconds by which <c>review</c> holds a request back (0–60).</summary>
    public double ReviewSeconds { get; init; } = 2;

    /// <summary>Requests held back at the same time (1–100,000); beyond it they are refused.</summary>
    public int MaxDelayed { get; init; } = 256;

    /// <summary>Subjects that one replica holds in memory (100–10,000,000).</summary>
    public int TrackedSubjects { get; init; } = 100_000;

    /// <summary>Milliseconds that the first request of a subject waits for what the store knows of it (0–5,000).</summary>
    public int LookupMilliseconds { get; init; } = 200;

    /// <summary>Characters of a request that rules look at: its last ones (1–10,000,000).</summary>
    public int MaxCharacters { get; init; } = 100_000;

    /// <summary>What to look for in requests; at most 64 rules.</summary>
    public IReadOnlyList<SafetyRuleConfig> Rules { get; init; } = [];
}
