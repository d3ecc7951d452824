namespace Mka1.Edge.Stores.Webhooks;

/// <summary>Whom to notify.</summary>
/// <param name="Url">Where to.</param>
/// <param name="Secret">The signing secret, encrypted; null for none.</param>
public sealed record WebhookTarget(string Url, ReadOnlyMemory<byte>? Secret)
{
    /// <summary>Scheme, host and port of the url: deliveries to one receiver are bounded together.</summary>
    internal string Receiver => new Uri(Url).GetLeftPart(UriPartial.Authority);
}
