namespace Mka1.Edge.Stores.Webhooks;

/// <summary>One attempt to deliver.</summary>
/// <param name="At">When it began.</param>
/// <param name="Status">HTTP status of the answer; null when there was none.</param>
/// <param name="Error">A generic code such as <c>timeout</c> or <c>connection_failed</c>; null when there was an answer. Never names an address.</param>
public sealed record WebhookAttempt(DateTimeOffset At, int? Status, string? Error);
