using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Runs;
using Mka1.Edge.Stores.Tests.Responses;
using static Mka1.Edge.Stores.Tests.Responses.Sample;

namespace Mka1.Edge.Stores.Tests.Runs;

/// <summary>How every store of runs hands out what is queued. The queue is one for all, so each test works it off.</summary>
public abstract class RunQueueBehaviour(IStoresUnderTest stores) : IAsyncLifetime
{
    private const int Unlimited = 100_000;

    private readonly string _replica = NewId("replica");

    private IRunStore Runs => stores.Runs;

    public async Task InitializeAsync()
    {
        while (await Runs.ClaimAsync(_replica, 1000, Unlimited) is { Count: > 0 } left) await FinishAsync(left);
        await Runs.BeatAsync(_replica, TimeSpan.FromMinutes(5));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_oldest_of_the_highest_priority_goes_first()
    {
        var owner = NewOwner();
        var low = await QueueAsync(owner, 2, priority: -1);
        var normal = await QueueAsync(owner, 2);
        var high = await QueueAsync(owner, 2, priority: 1);

        Assert.Equal([.. high, normal[0]], await ClaimAsync(3));
        Assert.Equal([normal[1], .. low], await ClaimAsync(10));
        Assert.Empty(await ClaimAsync(10));
    }

    [Fact]
    public async Task Slots_go_to_the_tenants_with_the_fewest_in_progress()
    {
        var (big, small, late) = (NewOwner(), NewOwner(), NewOwner());
        var bigs = await QueueAsync(big, 6);
        var smalls = await QueueAsync(small, 2);
        var lates = await QueueAsync(late, 1);

        Assert.Equal([bigs[0], smalls[0], lates[0], bigs[1]], await ClaimAsync(4));
        Assert.Equal([smalls[1], bigs[2]], await ClaimAsync(2));
        Assert.Equal(bigs[3..], await ClaimAsync(10));
    }

    [Fact]
    public async Task The_end_users_of_a_tenant_share_what_it_may_have()
    {
        var tenant = NewOwner();
        await QueueAsync(tenant, 2);
        await QueueAsync(tenant with { EndUser = "bob" }, 2);
        await QueueAsync(tenant with { EndUser = null }, 2);

        Assert.Equal(3, (await ClaimAsync(10, perTenant: 3)).Count);
    }

    [Fact]
    public async Task No_tenant_goes_beyond_its_limit_over_all_replicas()
    {
        var (one, two) = (NewOwner(), NewOwner());
        var ones = await QueueAsync(one, 5);
        var twos = await QueueAsync(two, 1);

        var first = await Runs.ClaimAsync(_replica, 10, 2);
        Assert.Equal([ones[0], twos[0], ones[1]], first.Select(r => r.Response.Id));
        Assert.Empty(await Runs.ClaimAsync(NewId("other"), 10, 2));
        Assert.Equal(3, await Runs.QueuedAsync());

        await FinishAsync([first[0]]);
        Assert.Equal([ones[2]], await ClaimAsync(10, perTenant: 2));
    }

    [Fact]
    public async Task A_limit_holds_when_many_claim_at_once()
    {
        var owner = NewOwner();
        await QueueAsync(owner, 40);

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Runs.ClaimAsync(NewId("other"), 5, 7).AsTask()));

        Assert.Equal(7, claims.Sum(c => c.Count));
    }

    [Fact]
    public async Task Runs_in_the_foreground_do_not_count()
    {
        var owner = NewOwner();
        var foreground = Background(owner, _replica);
        await stores.Responses.AddAsync(foreground with { Response = foreground.Response with { Background = false } });
        var ids = await QueueAsync(owner, 2);

        Assert.Equal(ids[..1], await ClaimAsync(10, perTenant: 1));
    }

    [Fact]
    public async Task Replicas_that_claim_at_once_never_get_the_same_run()
    {
        var owners = Enumerable.Range(0, 10).Select(_ => NewOwner()).ToList();
        var queued = new List<string>();
        foreach (var owner in owners) queued.AddRange(await QueueAsync(owner, 20));

        var claimed = await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
        {
            var mine = new List<StoredRun>();
            while (await Runs.ClaimAsync($"{_replica}-{n}", 5, Unlimited) is { Count: > 0 } runs) mine.AddRange(runs);
            Assert.All(mine, run => Assert.Equal($"{_replica}-{n}", run.Run.Replica));
            return mine;
        }));

        Assert.Equal(queued.Order(), claimed.SelectMany(runs => runs).Select(r => r.Response.Id).Order());
        Assert.All(claimed.SelectMany(runs => runs), run => Assert.Equal(1, run.Fence));
    }

    [Fact]
    public async Task A_run_keeps_the_delegated_key_it_was_asked_for_with()
    {
        var owner = NewOwner();
        var delegation = new Delegation("key/7", "alice", new HashSet<string> { "b", "a" }, 500, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var queued = Background(owner);
        await stores.Responses.AddAsync(queued with { Run = queued.Run! with { Delegation = delegation } });
        var kept = Assert.Single(await Runs.ClaimAsync(_replica, 1, Unlimited)).Run.Delegation!;
        Assert.Equal(delegation with { Models = kept.Models }, kept);
        Assert.Equal(["a", "b"], kept.Models.Order());
    }

    [Fact]
    public async Task A_run_that_is_given_back_is_queued_again_and_goes_first()
    {
        var owner = NewOwner();
        var ids = await QueueAsync(owner, 2);
        Assert.Equal(ids[..1], await ClaimAsync(1));
        Assert.True(await Runs.StartAsync(ids[0], 1, Json("""{"a":1}"""), null));
        Assert.Equal(1, await Runs.QueuedAsync());

        Assert.True(await Runs.ReleaseAsync(ids[0], 1));

        Assert.Equal(2, await Runs.QueuedAsync());
        Assert.Equal(StoredStatus.Queued, (await stores.Responses.FindAsync(owner, ids[0]))!.Status);
        Assert.False(await Runs.MarkEmittedAsync(ids[0], 1));
        Assert.False(await Runs.ReleaseAsync(ids[0], 1));
        Assert.DoesNotContain(await Runs.TakeOrphansAsync(NewId("taker"), 1000), r => r.Response.Id == ids[0]);
        var again = Assert.Single(await Runs.ClaimAsync(NewId("other"), 1, Unlimited));
        Assert.Equal((ids[0], 2), (again.Response.Id, again.Fence));
        Assert.False(again.Emitted);
        Assert.Null(again.Run.Context);
        Assert.Null(again.Run.Webhook);
        Assert.False(await Runs.MarkEmittedAsync(ids[0], 1));
        Assert.True(await Runs.MarkEmittedAsync(ids[0], 2));
    }

    [Fact]
    public async Task A_deleted_or_cancelled_run_is_not_handed_out()
    {
        var owner = NewOwner();
        var ids = await QueueAsync(owner, 3);
        Assert.True(await stores.Responses.DeleteAsync(owner, ids[0]));
        Assert.True(await Runs.FinishAsync(new RunEnding(owner, ids[1], null, StoredStatus.Cancelled, Json("{}"), [])));

        Assert.Equal(ids[2..], await ClaimAsync(10));
    }

    [Fact]
    public async Task No_slots_take_nothing()
    {
        await QueueAsync(NewOwner(), 1);

        Assert.Empty(await Runs.ClaimAsync(_replica, 0, 5));
        Assert.Empty(await Runs.ClaimAsync(_replica, 5, 0));
        Assert.Equal(1, await Runs.QueuedAsync());
    }

    protected async Task<List<string>> QueueAsync(Owner owner, int count, int priority = 0)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var addition = Background(owner, priority: priority);
            await stores.Responses.AddAsync(addition);
            ids.Add(addition.Response.Id);
        }

        return ids;
    }

    private async Task<List<string>> ClaimAsync(int slots, int perTenant = Unlimited) =>
        [.. (await Runs.ClaimAsync(_replica, slots, perTenant)).Select(r => r.Response.Id)];

    private async Task FinishAsync(IReadOnlyList<StoredRun> runs) => await Task.WhenAll(runs.Select(
        r => Runs.FinishAsync(new RunEnding(r.Response.Owner, r.Response.Id, r.Fence, StoredStatus.Completed, Json("{}"), [])).AsTask()));
}
