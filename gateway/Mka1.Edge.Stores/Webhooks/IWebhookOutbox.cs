using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Stores.Webhooks;

/// <summary>
/// Notifications to deliver. They come in with the change they are about (<see cref="Responses.ResponseAddition"/>,
/// <see cref="Runs.RunEnding"/>), in the same commit. Every method throws <see cref="StoreUnavailableException"/> when the store
/// cannot be reached.
/// </summary>
public interface IWebhookOutbox
{
    /// <summary>Attempts remembered of one delivery; the newest ones.</summary>
    const int AttemptsKept = 50;

    /// <summary>
    /// Takes up to <paramref name="max"/> due deliveries and keeps them from everyone else for <paramref name="lease"/>; of one
    /// receiver (scheme, host and port of the url) no more than <paramref name="perReceiver"/> are out at a time, over all replicas.
    /// </summary>
    ValueTask<IReadOnlyList<WebhookDelivery>> ClaimDueAsync(int max, int perReceiver, TimeSpan lease, CancellationToken cancellation = default);

    /// <summary>
    /// Notes an attempt, where the delivery stands now, and that nobody holds it any more. An attempt is known by the time it began:
    /// noting it twice is noting it once. A delivery that is no longer pending stays as it is: someone else was done with it first.
    /// </summary>
    /// <param name="eventId">The delivery.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="state">Where it stands now.</param>
    /// <param name="retryAfter">How long until it is due again; for pending ones only.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask RecordAsync(string eventId, WebhookAttempt attempt, WebhookState state, TimeSpan? retryAfter, CancellationToken cancellation = default);

    /// <summary>The deliveries of a response, oldest first; empty when there are none or it is someone else's.</summary>
    ValueTask<IReadOnlyList<WebhookDelivery>> ListAsync(Owner owner, string responseId, CancellationToken cancellation = default);

    /// <summary>Makes a delivery due now, whatever became of it before. False when there is none.</summary>
    ValueTask<bool> RedeliverAsync(Owner owner, string responseId, string eventId, CancellationToken cancellation = default);
}
