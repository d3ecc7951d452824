namespace Mka1.Edge.Stores.Webhooks;

/// <summary>A notification and what became of it.</summary>
/// <param name="Event">The notification.</param>
/// <param name="CreatedAt">When the status changed.</param>
/// <param name="State">Where it stands.</param>
/// <param name="NextAttemptAt">When it is due; null when nothing more will be tried.</param>
/// <param name="Attempts">The newest attempts, oldest first.</param>
public sealed record WebhookDelivery(
    WebhookEvent Event, DateTimeOffset CreatedAt, WebhookState State, DateTimeOffset? NextAttemptAt, IReadOnlyList<WebhookAttempt> Attempts);
