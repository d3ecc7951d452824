namespace Mka1.Edge.Gateway.Configuration;

/// <summary>The listener for operators: its own address and its own key, apart from what clients reach.</summary>
public sealed record AdminConfig
{
    /// <summary>Address to listen on, such as <c>http://127.0.0.1:8081</c>; left out, there is no such listener. Read at the start only.</summary>
    [Restart]
    public string? Url { get; init; }

    /// <summary><c>sha256:</c> and 64 hex digits of the operators' key; needed with <see cref="Url"/>. Metrics are read without it. Read at the start only.</summary>
    [Restart]
    public string? KeyHash { get; init; }
}
