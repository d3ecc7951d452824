namespace Mka1.Edge.Gateway.Webhooks;

/// <summary>What came of one attempt.</summary>
/// <param name="Status">HTTP status of the answer; null when there was none.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone.</param>
/// <param name="Error">One of <see cref="WebhookErrors"/> when there was no answer.</param>
internal sealed record WebhookAnswer(int? Status, TimeSpan? RetryAfter = null, string? Error = null);
