using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Stores.Quota;
using Mka1.Edge.Stores.Tests.Support;

namespace Mka1.Edge.Stores.Tests.Quota;

/// <summary>Promise: limits hold in every stretch of time, a refusal takes nothing and says when to come back, and every share is settled once.</summary>
public abstract class QuotaStoreBehaviour
{
    private static readonly QuotaUsage Nothing = QuotaUsage.None;

    private readonly string _name = "t:" + Guid.NewGuid().ToString("N");

    /// <summary>The store, on <see cref="Clock"/>.</summary>
    protected abstract IQuotaStore Store { get; }

    private protected SteppedClock Clock { get; } = new();

    [Fact]
    public async Task A_fresh_window_grants_its_limit_and_not_one_more()
    {
        var counter = Requests(1000);
        for (var i = 1; i <= 1000; i++) Assert.Equal(i, (await GrantedAsync((counter, 1))).Readings[0].Used);

        var refused = await ExhaustedAsync((counter, 1));
        Assert.Equal(counter, refused.Refusing.Counter);
        Assert.Equal(1000, refused.Refusing.Used);
        Assert.Equal(0, refused.Refusing.Remaining);
    }

    [Theory]
    [InlineData("second")]
    [InlineData("minute")]
    [InlineData("hour")]
    [InlineData("day")]
    [InlineData("month")]
    public async Task A_window_is_full_again_at_most_a_fortieth_late_and_never_early(string window)
    {
        var counter = Requests(5, window);
        var length = QuotaWindow.Parse(window).Length;
        await GrantedAsync((counter, 5));
        Clock.Advance(length - TimeSpan.FromMilliseconds(1));
        await ExhaustedAsync((counter, 1));
        Clock.Advance((length / SlidingWindow.Buckets) + TimeSpan.FromMilliseconds(1));
        Assert.Equal(5, (await GrantedAsync((counter, 5))).Readings[0].Used);
    }

    [Fact]
    public async Task What_a_holder_says_counts_even_after_it_was_taken_for_dead()
    {
        var (tokens, slots) = (Ask.Counter(_name, QuotaDimension.Tokens, 100), Ask.Counter(_name, QuotaDimension.Concurrency, 1, null));
        var (dead, alive) = (Ask.NewId(), Ask.NewId());
        await Store.TakeAsync(Ask.For(dead, (tokens, 20), (slots, 1)));
        await Store.TakeAsync(Ask.For(alive, (tokens, 30)));
        Clock.Advance(Ask.Lease);
        Assert.Equal(2, (await Store.TakeExpiredAsync(10, Ask.Lease)).Count);
        await Store.ReclaimAsync(dead, new QuotaUsage(1, 5, 0));
        await Store.ReclaimAsync(alive, Nothing);
        Assert.Equal([5, 0], (await Store.TakeAsync(Ask.Look(tokens, slots))).Readings.Select(r => r.Used));

        await Store.SettleAsync(alive, new QuotaUsage(1, 25, 0));
        Assert.Equal(30, (await Store.TakeAsync(Ask.Look(tokens))).Readings[0].Used);
        Clock.Advance(Ask.Lease);
        Assert.Empty(await Store.TakeExpiredAsync(10, Ask.Lease));
    }

    [Fact]
    public async Task Two_bursts_around_the_edge_of_a_minute_share_one_limit()
    {
        var counter = Requests(100);
        Clock.Advance(TimeSpan.FromSeconds(59.9));
        await GrantedAsync((counter, 100));
        Clock.Advance(TimeSpan.FromSeconds(0.2));
        await ExhaustedAsync((counter, 1));
    }

    [Fact]
    public async Task Whoever_waits_as_long_as_told_is_served()
    {
        var second = Requests(10, "second");
        var minute = Requests(50);
        var random = new Random(1);
        var refusals = 0;
        for (var i = 0; i < 400; i++)
        {
            var amount = random.Next(1, 11);
            var decision = await Store.TakeAsync(Ask.For(Ask.NewId(), (second, amount), (minute, amount)));
            if (decision is QuotaDecision.Exhausted { RetryAfter: { } wait })
            {
                refusals++;
                Assert.True(wait > TimeSpan.Zero);
                Clock.Advance(wait - TimeSpan.FromMilliseconds(1));
                await ExhaustedAsync((second, amount), (minute, amount));
                Clock.Advance(TimeSpan.FromMilliseconds(1));
                await GrantedAsync((second, amount), (minute, amount));
            }

            Clock.Advance(TimeSpan.FromMilliseconds(random.Next(0, 300)));
        }

        Assert.True(refusals > 50);
    }

    [Fact]
    public async Task All_is_free_again_when_the_reading_says_so()
    {
        var counter = Tokens(100);
        await GrantedAsync((counter, 10));
        Clock.Advance(TimeSpan.FromSeconds(20));
        var reading = (await GrantedAsync((counter, 30))).Readings[0];
        Clock.Advance(reading.ResetAfter - TimeSpan.FromMilliseconds(1));
        Assert.Equal(30, await UsedAsync(counter));
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(new QuotaReading(counter, 0, TimeSpan.Zero), (await LookAsync(counter)));
    }

    [Fact]
    public async Task What_is_refused_by_one_counter_is_taken_of_none()
    {
        var requests = Requests(10);
        var tokens = Tokens(100);
        await ExhaustedAsync((requests, 1), (tokens, 101));
        await ExhaustedAsync((tokens, 101), (requests, 1));
        Assert.Equal(0, await UsedAsync(requests));
        Assert.Equal(0, await UsedAsync(tokens));
    }

    [Fact]
    public async Task What_can_never_fit_has_no_time_to_come_back()
    {
        var tokens = Tokens(100);
        Assert.Null((await ExhaustedAsync((tokens, 101))).RetryAfter);
        var units = await Store.TakeAsync(Ask.Units(Ask.NewId(), 100, 50, new QuotaCharge(tokens, 51, 1)));
        Assert.Null(Assert.IsType<QuotaDecision.Exhausted>(units).RetryAfter);
    }

    [Fact]
    public async Task Units_are_as_many_as_all_counters_have_room_for()
    {
        var tokens = Tokens(1000);
        var cost = Ask.Counter(_name, QuotaDimension.Cost, 5000, "day");
        var request = Ask.Units(Ask.NewId(), 10_000, 16, new QuotaCharge(tokens, 100, 1), new QuotaCharge(cost, 300, 7));
        var granted = Assert.IsType<QuotaDecision.Granted>(await Store.TakeAsync(request));

        Assert.Equal((5000 - 300) / 7, granted.Units);
        Assert.Equal([100 + granted.Units, 300 + (7 * granted.Units)], granted.Readings.Select(r => r.Used));
        Assert.IsType<QuotaDecision.Exhausted>(await Store.TakeAsync(request with { Id = Ask.NewId() }));
        Assert.Equal(100 + granted.Units, await UsedAsync(tokens));
    }

    [Fact]
    public async Task Looking_takes_nothing_and_is_never_refused()
    {
        var full = Requests(1);
        await GrantedAsync((full, 1));
        var slots = Slots(0);
        var decision = await Store.TakeAsync(Ask.For(Ask.NewId(), (full, 0), (slots, 0), (Tokens(5), 0)));
        Assert.Equal([1, 0, 0], Assert.IsType<QuotaDecision.Granted>(decision).Readings.Select(r => r.Used));
        Assert.Equal([0, 0, 5], decision.Readings.Select(r => r.Remaining));
    }

    [Fact]
    public async Task Of_several_refusing_counters_the_one_that_has_room_last_is_named()
    {
        var (slots, second, hour, small) = (Slots(1), Requests(1, "second"), Tokens(1, "hour"), Ask.Counter(_name, QuotaDimension.Cost, 1));
        await GrantedAsync((slots, 1), (second, 1), (hour, 1));
        var all = await ExhaustedAsync((slots, 1), (second, 1), (hour, 1), (small, 2));
        Assert.Equal((small, null), (all.Refusing.Counter, all.RetryAfter));
        var most = await ExhaustedAsync((second, 1), (hour, 1), (slots, 1));
        Assert.Equal(hour, most.Refusing.Counter);
        Assert.InRange(most.RetryAfter!.Value, TimeSpan.FromHours(1), TimeSpan.FromHours(1.025));
        Assert.Equal(second, (await ExhaustedAsync((slots, 1), (second, 1))).Refusing.Counter);
        var busy = await ExhaustedAsync((slots, 1));
        Assert.Equal((slots, null), (busy.Refusing.Counter, busy.RetryAfter));
    }

    [Fact]
    public async Task What_a_request_came_to_replaces_what_was_set_aside()
    {
        var (requests, tokens, cost) = (Requests(10), Tokens(1000), Ask.Counter(_name, QuotaDimension.Cost, 100_000, "month"));
        var id = Ask.NewId();
        await Store.TakeAsync(Ask.For(id, (requests, 1), (tokens, 500), (cost, 4000)));
        await Store.SettleAsync(id, new QuotaUsage(1, 123, 9999));
        await Store.SettleAsync(id, new QuotaUsage(5, 5, 5));
        await Store.SettleAsync(id, Nothing);
        Assert.Equal([1, 123, 9999], (await Store.TakeAsync(Ask.Look(requests, tokens, cost))).Readings.Select(r => r.Used));
    }

    [Fact]
    public async Task Nothing_given_back_is_as_if_nothing_had_been_asked()
    {
        var (requests, tokens, slots) = (Requests(1), Tokens(10), Slots(1));
        for (var i = 0; i < 5; i++)
        {
            var id = Ask.NewId();
            Assert.IsType<QuotaDecision.Granted>(await Store.TakeAsync(Ask.For(id, (requests, 1), (tokens, 10), (slots, 1))));
            await Store.SettleAsync(id, Nothing);
        }

        Assert.Equal(new QuotaReading(tokens, 0, TimeSpan.Zero), await LookAsync(tokens));
    }

    [Fact]
    public async Task A_second_request_adds_to_the_share_and_is_settled_with_it()
    {
        var (requests, tokens, slots) = (Requests(10), Tokens(100), Slots(1));
        var id = Ask.NewId();
        await Store.TakeAsync(Ask.For(id, (requests, 1), (tokens, 30), (slots, 1)));
        Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.IsType<QuotaDecision.Granted>(await Store.TakeAsync(Ask.For(id, (tokens, 30), (slots, 1))));
        Assert.Equal(60, await UsedAsync(tokens));
        Assert.Equal(1, await UsedAsync(slots));
        await Store.SettleAsync(id, new QuotaUsage(1, 50, 0));
        Assert.Equal([1, 50, 0], (await Store.TakeAsync(Ask.Look(requests, tokens, slots))).Readings.Select(r => r.Used));

        // The first 30 were used where they were taken, 20 of the others ten seconds later.
        Clock.Advance(TimeSpan.FromSeconds(52));
        Assert.Equal(20, await UsedAsync(tokens));
    }

    [Fact]
    public async Task What_is_settled_late_no_longer_matters_but_what_goes_beyond_it_counts_now()
    {
        var tokens = Tokens(100);
        var (less, more) = (Ask.NewId(), Ask.NewId());
        await Store.TakeAsync(Ask.For(less, (tokens, 30)));
        await Store.TakeAsync(Ask.For(more, (tokens, 30)));
        Clock.Advance(TimeSpan.FromMinutes(2));
        await Store.SettleAsync(less, new QuotaUsage(1, 10, 0));
        Assert.Equal(0, await UsedAsync(tokens));
        await Store.SettleAsync(more, new QuotaUsage(1, 50, 0));
        Assert.Equal(20, await UsedAsync(tokens));
    }

    [Fact]
    public async Task Counters_at_and_over_their_limit_are_told_apart_from_room()
    {
        var tokens = Tokens(100);
        var id = Ask.NewId();
        await Store.TakeAsync(Ask.For(id, (tokens, 90)));
        await Store.SettleAsync(id, new QuotaUsage(1, 150, 0));
        var refused = await ExhaustedAsync((tokens, 1));
        Assert.Equal((150, 0), (refused.Refusing.Used, refused.Refusing.Remaining));
        Clock.Advance(refused.RetryAfter!.Value);
        await GrantedAsync((tokens, 100));
    }

    [Fact]
    public async Task A_slot_whose_lease_is_over_is_free_at_once_and_can_be_taken_again_by_its_run()
    {
        var slots = Slots(1);
        var (first, second) = (Ask.NewId(), Ask.NewId());
        await Store.TakeAsync(Ask.For(first, (slots, 1)));
        Clock.Advance(Ask.Lease - TimeSpan.FromMilliseconds(1));
        await ExhaustedAsync((slots, 1));
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.IsType<QuotaDecision.Granted>(await Store.TakeAsync(Ask.For(second, (slots, 1))));
        await Store.RenewAsync([first, "unknown"], Ask.Lease);
        Assert.Equal(2, await UsedAsync(slots));
        await Store.SettleAsync(first, Nothing);
        await Store.SettleAsync(second, Nothing);
        Assert.Equal(0, await UsedAsync(slots));
    }

    [Fact]
    public async Task Shares_that_are_renewed_are_held_however_many_they_are()
    {
        var slots = Slots(5000);
        var ids = Enumerable.Range(0, 1200).Select(_ => Ask.NewId()).ToList();
        foreach (var id in ids) await Store.TakeAsync(Ask.For(id, (slots, 1)));
        for (var i = 0; i < 3; i++)
        {
            Clock.Advance(Ask.Lease * 0.9);
            await Store.RenewAsync(ids, Ask.Lease);
        }

        Assert.Equal(1200, await UsedAsync(slots));
        Assert.Empty(await Store.TakeExpiredAsync(10, Ask.Lease));
        Clock.Advance(Ask.Lease);
        Assert.Equal(0, await UsedAsync(slots));
    }

    [Fact]
    public async Task A_share_whose_lease_is_over_is_handed_to_one_who_settles_it_and_counts_until_then()
    {
        var tokens = Tokens(100, "hour");
        var (early, late, settled) = (Ask.NewId(), Ask.NewId(), Ask.NewId());
        await Store.TakeAsync(Ask.For(settled, (tokens, 1)));
        await Store.TakeAsync(Ask.For(early, (tokens, 10)));
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Store.TakeAsync(Ask.For(late, (tokens, 20)));
        await Store.SettleAsync(settled, new QuotaUsage(1, 1, 0));
        Assert.Empty(await Store.TakeExpiredAsync(10, Ask.Lease));

        Clock.Advance(Ask.Lease);
        Assert.Equal([early], await Store.TakeExpiredAsync(1, Ask.Lease));
        Assert.Equal([late], await Store.TakeExpiredAsync(10, Ask.Lease));
        Assert.Empty(await Store.TakeExpiredAsync(10, Ask.Lease));
        Assert.Equal(31, await UsedAsync(tokens));
        await Store.SettleAsync(early, new QuotaUsage(1, 7, 0));

        // Whoever asked for the other died as well.
        Clock.Advance(Ask.Lease);
        Assert.Equal([late], await Store.TakeExpiredAsync(10, Ask.Lease));
        await Store.SettleAsync(late, Nothing);
        Assert.Equal(8, await UsedAsync(tokens));
        Assert.Empty(await Store.TakeExpiredAsync(10, Ask.Lease));
    }

    [Fact]
    public async Task Room_that_is_asked_for_refuses_when_there_is_none_and_takes_nothing_when_there_is()
    {
        var (requests, tokens) = (Requests(10), Ask.Counter(_name, QuotaDimension.Tokens, 5));
        QuotaRequest Admit() => Ask.Units(Ask.NewId(), 0, 0, new QuotaCharge(requests, 1), new QuotaCharge(tokens, 0, Room: 1));
        for (var i = 0; i < 3; i++) Assert.Equal(0, Assert.IsType<QuotaDecision.Granted>(await Store.TakeAsync(Admit())).Readings[1].Used);

        await GrantedAsync((tokens, 5));
        var refused = Assert.IsType<QuotaDecision.Exhausted>(await Store.TakeAsync(Admit()));
        Assert.Equal(tokens, refused.Refusing.Counter);
        Assert.Equal(3, await UsedAsync(requests));

        Clock.Advance(refused.RetryAfter!.Value);
        Assert.IsType<QuotaDecision.Granted>(await Store.TakeAsync(Admit()));
    }

    [Fact]
    public async Task Without_a_lease_it_is_taken_for_good()
    {
        var requests = Requests(2);
        var request = Ask.For(Ask.NewId(), (requests, 1)) with { Lease = TimeSpan.Zero };
        Assert.Equal(1, Assert.IsType<QuotaDecision.Granted>(await Store.TakeAsync(request)).Readings[0].Used);
        await Store.SettleAsync(request.Id, Nothing);
        Clock.Advance(Ask.Lease * 10 / 9);
        Assert.Empty(await Store.TakeExpiredAsync(10, Ask.Lease));
        Assert.Equal(1, await UsedAsync(requests));
        Assert.IsType<QuotaDecision.Granted>(await Store.TakeAsync(request));
        await ExhaustedAsync((requests, 1));
    }

    [Fact]
    public async Task Large_amounts_are_counted_exactly()
    {
        var cost = Ask.Counter(_name, QuotaDimension.Cost, (1L << 53) - 1, "month");
        var id = Ask.NewId();
        await Store.TakeAsync(Ask.For(id, (cost, (1L << 53) - 3)));
        Assert.Equal(1, Assert.IsType<QuotaDecision.Granted>(await Store.TakeAsync(Ask.Units(Ask.NewId(), 100, 1, new QuotaCharge(cost, 1, 1)))).Units);
        await Store.SettleAsync(id, new QuotaUsage(0, 0, (1L << 53) - 4));
        Assert.Equal((1L << 53) - 2, await UsedAsync(cost));
    }

    [Theory]
    [MemberData(nameof(Nonsense))]
    internal async Task Nonsense_is_a_bug_and_not_a_decision(QuotaRequest request) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.TakeAsync(request).AsTask());

    public static TheoryData<QuotaRequest> Nonsense() =>
    [
        Ask.For("", (Ask.Counter("n", QuotaDimension.Requests, 1), 1)),
        Ask.For("id", (Ask.Counter("n", QuotaDimension.Requests, 1), -1)),
        Ask.For("id", (Ask.Counter("n", QuotaDimension.Requests, 1L << 53), 1)),
        Ask.For("id", (Ask.Counter("n", QuotaDimension.Requests, 1, null), 1)),
        Ask.For("id", (Ask.Counter("n", QuotaDimension.Concurrency, 1, "minute"), 1)),
        Ask.For("id", (Ask.Counter("n", QuotaDimension.Concurrency, 2, null), 2)),
        Ask.For("id", (Ask.Counter("n", QuotaDimension.Requests, 1), 1), (Ask.Counter("n", QuotaDimension.Requests, 1), 1)),
        Ask.Units("id", 1, 2, new QuotaCharge(Ask.Counter("n", QuotaDimension.Tokens, 1), 0, 1)),
        Ask.For("id", (Ask.Counter("n", QuotaDimension.Requests, 1), 1)) with { Lease = TimeSpan.FromTicks(-1) },
        Ask.For("id", (Ask.Counter("n", QuotaDimension.Concurrency, 1, null), 1)) with { Lease = TimeSpan.Zero },
    ];

    private QuotaCounter Requests(long limit, string window = "minute") => Ask.Counter(_name, QuotaDimension.Requests, limit, window);

    private QuotaCounter Tokens(long limit, string window = "minute") => Ask.Counter(_name, QuotaDimension.Tokens, limit, window);

    private QuotaCounter Slots(long limit) => Ask.Counter(_name, QuotaDimension.Concurrency, limit, null);

    private async Task<QuotaDecision.Granted> GrantedAsync(params (QuotaCounter Counter, long Amount)[] charges) =>
        Assert.IsType<QuotaDecision.Granted>(await Store.TakeAsync(Ask.For(Ask.NewId(), charges)));

    private async Task<QuotaDecision.Exhausted> ExhaustedAsync(params (QuotaCounter Counter, long Amount)[] charges) =>
        Assert.IsType<QuotaDecision.Exhausted>(await Store.TakeAsync(Ask.For(Ask.NewId(), charges)));

    private async Task<QuotaReading> LookAsync(QuotaCounter counter) => (await Store.TakeAsync(Ask.Look(counter))).Readings[0];

    private async Task<long> UsedAsync(QuotaCounter counter) => (await LookAsync(counter)).Used;
}
