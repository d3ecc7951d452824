namespace Mka1.Edge.Gateway.Webhooks;

/// <summary>A receiver's name leads to an address that webhooks must not reach.</summary>
internal sealed class WebhookTargetRefusedException() : Exception("The receiver's name leads to a special address.");
