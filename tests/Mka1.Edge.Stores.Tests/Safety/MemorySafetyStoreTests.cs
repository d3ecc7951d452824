using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Stores.Safety;
using Mka1.Edge.Stores.Tests.Support;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Stores.Tests.Safety;

public sealed class MemorySafetyStoreTests : SafetyStoreBehaviour
{
    private readonly MemoryWebhookOutbox _outbox = new(new SteppedClock());

    public MemorySafetyStoreTests() => Store = new MemorySafetyStore(_outbox.Enqueue);

    protected override ISafetyStore Store { get; }

    [Fact]
    public async Task Who_has_done_nothing_for_longest_gives_way_when_it_is_full_and_who_is_on_a_rung_stays()
    {
        var small = new MemorySafetyStore(_ => { }, capacity: 10);
        for (var i = 1; i <= 12; i++)
        {
            var at = Start + TimeSpan.FromSeconds(i);
            await small.ApplyAsync(
                new SafetyBatch("a", i, [new SafetyDelta(Tenant, new SafetySubject((UInt128)i), new SafetyCounters(1), new SafetyScore(i == 1 ? 90 : 0, at), at, at)], []),
                SafetyLadder.Default, at, (_, _, _) => null);
        }

        Assert.NotNull(await small.FindAsync(Tenant, new SafetySubject(1)));
        Assert.Null(await small.FindAsync(Tenant, new SafetySubject(2)));
        Assert.NotNull(await small.FindAsync(Tenant, new SafetySubject(12)));
    }

    [Fact]
    public async Task An_audit_that_has_given_up_its_oldest_entries_is_whole_from_there_on()
    {
        var small = new MemorySafetyStore(_ => { }, auditCapacity: 3);
        for (var i = 0; i < 5; i++)
            await small.ApplyAsync(SafetyBatch.Of(new SafetyOrder.Mark(Tenant, new SafetySubject(1), 1, "cli", "x")), SafetyLadder.Default, Start, (_, _, _) => null);
        Assert.Equal((5L, null), ((await small.VerifyAsync(Tenant)).Entries, (await small.VerifyAsync(Tenant)).Fault));
    }

    protected override ValueTask<IReadOnlyList<WebhookDelivery>> OutboxAsync(Owner owner, string subjectId) => _outbox.ListAsync(owner, subjectId);
}
