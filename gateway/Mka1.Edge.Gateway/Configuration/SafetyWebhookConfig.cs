namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Who is told when a tenant's subject goes from one rung to another.</summary>
public sealed record SafetyWebhookConfig
{
    /// <summary>Where to; https, and a public host unless <c>webhooks.allowPrivateTargets</c> says otherwise.</summary>
    public string Url { get; init; } = "";

    /// <summary>Secret that the notifications are signed with; null for unsigned ones.</summary>
    public string? Secret { get; init; }
}
