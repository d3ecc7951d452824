using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Idempotency;
using Mka1.Edge.Stores.Tests.Support;

namespace Mka1.Edge.Stores.Tests.Idempotency;

public sealed class MemoryIdempotencyStoreTests : IdempotencyStoreBehaviour
{
    private readonly SteppedClock _clock = new();

    public MemoryIdempotencyStoreTests() => Store = new MemoryIdempotencyStore(_clock);

    protected override IIdempotencyStore Store { get; }

    [Fact]
    public async Task The_oldest_key_gives_way_when_it_is_full()
    {
        var small = new MemoryIdempotencyStore(_clock, capacity: 2);
        var owner = new Owner("tenant", null);
        foreach (var key in (string[])["a", "b", "c"]) await small.ClaimAsync(owner, key, default, "resp_" + key);
        Assert.Equal("resp_c", (await small.ClaimAsync(owner, "c", default, "resp_other")).ResponseId);
        Assert.Equal("resp_b", (await small.ClaimAsync(owner, "b", default, "resp_other")).ResponseId);
        Assert.True((await small.ClaimAsync(owner, "a", default, "resp_other")).IsNew);
    }

    protected override Task PassAsync(Owner owner, TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }
}
