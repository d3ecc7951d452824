using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Tests.Support;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Stores.Tests.Webhooks;

public sealed class MemoryWebhookOutboxTests : WebhookOutboxBehaviour
{
    private readonly SteppedClock _clock = new();
    private readonly MemoryWebhookOutbox _outbox;

    public MemoryWebhookOutboxTests() => _outbox = new MemoryWebhookOutbox(_clock);

    protected override IWebhookOutbox Outbox => _outbox;

    [Fact]
    public async Task The_oldest_gives_way_when_it_is_full()
    {
        var small = new MemoryWebhookOutbox(_clock, capacity: 3);
        var owner = new Owner("tenant", null);
        for (var i = 0; i < 5; i++)
            small.Enqueue(new WebhookEvent($"evt_{i}", owner, "resp_1", new WebhookTarget("https://receiver.example/", null), "response.completed", default));
        Assert.Equal(["evt_2", "evt_3", "evt_4"], (await small.ListAsync(owner, "resp_1")).Select(d => d.Event.Id));
        Assert.False(await small.RedeliverAsync(owner, "resp_1", "evt_0"));
    }

    protected override Task EnqueueAsync(WebhookEvent e)
    {
        _outbox.Enqueue(e);
        return Task.CompletedTask;
    }

    protected override Task PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }
}
