using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>An outbox that can be made to go away.</summary>
internal sealed class BreakableOutbox(TimeProvider clock) : IWebhookOutbox
{
    private volatile bool _isAway;
    private volatile bool _breaksAtNote;

    public MemoryWebhookOutbox Inner { get; } = new(clock);

    public bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }

    public bool BreaksAtNote
    {
        get => _breaksAtNote;
        set => _breaksAtNote = value;
    }

    /// <summary>Completes when a note could not be taken.</summary>
    public TaskCompletionSource NoteFailed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<IReadOnlyList<WebhookDelivery>> ClaimDueAsync(int max, int perReceiver, TimeSpan lease, CancellationToken cancellation = default) =>
        IsAway ? throw Away() : Inner.ClaimDueAsync(max, perReceiver, lease, cancellation);

    public ValueTask RecordAsync(string eventId, WebhookAttempt attempt, WebhookState state, TimeSpan? retryAfter, CancellationToken cancellation = default)
    {
        if (!BreaksAtNote) return Inner.RecordAsync(eventId, attempt, state, retryAfter, cancellation);
        NoteFailed.TrySetResult();
        throw Away();
    }

    public ValueTask<IReadOnlyList<WebhookDelivery>> ListAsync(Owner owner, string responseId, CancellationToken cancellation = default) =>
        Inner.ListAsync(owner, responseId, cancellation);

    public ValueTask<bool> RedeliverAsync(Owner owner, string responseId, string eventId, CancellationToken cancellation = default) =>
        Inner.RedeliverAsync(owner, responseId, eventId, cancellation);

    private static StoreUnavailableException Away() => new("postgres", new TimeoutException());
}
