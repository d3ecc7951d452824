using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Stores.Safety;

namespace Mka1.Edge.Gateway.Safety;

/// <summary>Has operators' orders carried out: in the store, and here at once. Other replicas hear of it within seconds.</summary>
internal sealed class SafetyDesk(
    EdgeConfiguration configuration, ISafetyStore store, SafetyTracker tracker, SafetyWebhooks webhooks, WebhookSender sender, TimeProvider clock)
{
    /// <summary>The present instant.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Carries an order out.</summary>
    /// <returns>Where its subject stands now.</returns>
    public async ValueTask<SafetyRecord> OrderAsync(SafetyOrder order, CancellationToken cancellation)
    {
        var records = await store.ApplyAsync(SafetyBatch.Of(order), configuration.Current.Ladder, Now, webhooks.Of, cancellation);
        foreach (var record in records) tracker.Told(record);
        sender.Wake();
        return records.Single(record => record.Tenant == order.Tenant && record.Subject == order.Subject);
    }
}
