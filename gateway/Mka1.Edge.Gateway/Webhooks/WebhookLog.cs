using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Webhooks;

/// <summary>Log events of Webhooks: 2100–2199. Addresses, secrets and bodies never stand in them.</summary>
internal static partial class WebhookLog
{
    [LoggerMessage(2100, LogLevel.Information, "Webhook {EventId} ({Type}) of response {ResponseId}: attempt {Attempt} got {Status}{Error}, now {State}.")]
    public static partial void Attempted(
        this ILogger logger, string eventId, string type, string responseId, int attempt, int? status, string? error, WebhookState state);

    [LoggerMessage(2101, LogLevel.Warning, "Webhooks wait: the store does not answer.")]
    public static partial void StoreAway(this ILogger logger, Exception exception);

    [LoggerMessage(2102, LogLevel.Information, "Webhooks go on: the store is back.")]
    public static partial void StoreBack(this ILogger logger);

    [LoggerMessage(2103, LogLevel.Error, "Claiming webhooks failed.")]
    public static partial void ClaimFailed(this ILogger logger, Exception exception);

    [LoggerMessage(2104, LogLevel.Error, "Webhook {EventId} of response {ResponseId}: the attempt failed inside the gateway; it is tried again when its claim runs out.")]
    public static partial void AttemptFailed(this ILogger logger, string eventId, string responseId, Exception exception);

    [LoggerMessage(2105, LogLevel.Warning, "Webhook {EventId} of response {ResponseId}: what came of an attempt could not be noted, so it is sent again when its claim runs out.")]
    public static partial void NotNoted(this ILogger logger, string eventId, string responseId);

    [LoggerMessage(2106, LogLevel.Warning, "Webhook {EventId} of response {ResponseId}: not sent, the receiver's name leads to a special address. webhooks.allowPrivateTargets would allow it.")]
    public static partial void TargetRefused(this ILogger logger, string eventId, string responseId);
}
