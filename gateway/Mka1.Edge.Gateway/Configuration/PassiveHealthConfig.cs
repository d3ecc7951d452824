namespace Mka1.Edge.Gateway.Configuration;

/// <summary>When a server is left out for what its answers were, and for how long.</summary>
public sealed record PassiveHealthConfig
{
    /// <summary>Whether failed requests lead to a rest.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Failed requests in a row after which a server rests (1–10,000).</summary>
    public int Failures { get; init; } = 5;

    /// <summary>The part of the requests within the window whose failure leads to a rest too (0.01–1).</summary>
    public double FailureRate { get; init; } = 0.5;

    /// <summary>Requests within the window without which that part says nothing (1–1,000,000).</summary>
    public int MinimumRequests { get; init; } = 20;

    /// <summary>Seconds that the window looks back (1–3,600).</summary>
    public double WindowSeconds { get; init; } = 10;

    /// <summary>Seconds of the first rest (0.01–3,600); each further one is twice as long.</summary>
    public double FirstRestSeconds { get; init; } = 1;

    /// <summary>Seconds of the longest rest, and the most that a server's own <c>Retry-After</c> is heeded (0.01–3,600).</summary>
    public double LongestRestSeconds { get; init; } = 30;
}
