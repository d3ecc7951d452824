using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>One API key. The key itself is never written down: only its hash is.</summary>
public sealed record KeyConfig : QuotaLimitsConfig
{
    /// <summary><c>sha256:</c> and the 64 hexadecimal digits of the key's SHA-256.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Models the key may name; empty means all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Parts of the API the key may use: <c>responses</c>, <c>conversations</c>, <c>prompts</c>, <c>models</c>, <c>webhooks</c>, <c>keys</c>, <c>safety</c>; empty means all.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>Whether the key may administer its own tenant: <c>keys</c> and <c>safety</c>.</summary>
    public bool Admin { get; init; }

    /// <summary>Whether the key may act for end users.</summary>
    public OnBehalfOfRule OnBehalfOf { get; init; } = OnBehalfOfRule.Allowed;

    /// <summary>The instant from which the key is refused.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Seconds for which a stored stream goes on after its last reader left (0–3,600); null for the value of <c>stores</c>.</summary>
    public double? DisconnectGraceSeconds { get; init; }

    /// <summary>Who may mint keys below this one.</summary>
    public DelegationConfig Delegation { get; init; } = new();
}
