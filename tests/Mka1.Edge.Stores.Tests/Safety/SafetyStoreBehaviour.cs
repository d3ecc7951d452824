using System.Text;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Stores.Paging;
using Mka1.Edge.Stores.Safety;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Stores.Tests.Safety;

/// <summary>Promise: what replicas see of a subject adds up exactly, every step is made once, and stands in the audit and in the outbox.</summary>
public abstract class SafetyStoreBehaviour
{
    protected static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly SafetySubject Subject = new(0x123456789abcdefUL);
    private static readonly SafetySubject Other = new(UInt128.MaxValue);

    /// <summary>A store that other tests may be using.</summary>
    protected abstract ISafetyStore Store { get; }

    /// <summary>Tenants of one test alone.</summary>
    protected string Tenant { get; } = "tenant-" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_subject_that_was_never_seen_is_not_there()
    {
        Assert.Null(await Store.FindAsync(Tenant, Subject));
        Assert.Empty((await Store.AuditAsync(Tenant, new PageQuery(10, false)))!.Entries);
        Assert.Null((await Store.VerifyAsync(Tenant)).Fault);
    }

    [Fact]
    public async Task What_was_seen_is_kept_as_it_was_seen()
    {
        var counters = new SafetyCounters(5, 4, 3, 2, 1);
        await ApplyAsync("a", 1, Delta(7, Start, counters));
        var found = (await Store.FindAsync(Tenant, Subject))!;
        Assert.Equal((Tenant, Subject, counters, Start, Start), (found.Tenant, found.Subject, found.Counters, found.FirstSeen, found.LastSeen));
        Assert.Equal(new SafetyStanding(new SafetyScore(7, Start), SafetyRung.Allow, Start), found.Standing);
        Assert.Null(await Store.FindAsync(Tenant, Other));
        Assert.Null(await Store.FindAsync(Tenant + "x", Subject));
    }

    [Fact]
    public async Task Signals_of_two_replicas_add_up_exactly_and_the_step_is_made_once()
    {
        await ApplyAsync("a", 1, Delta(6, Start));
        var after = Assert.Single(await ApplyAsync("b", 1, Delta(6, Start + TimeSpan.FromMinutes(1))));
        Assert.Equal(2, after.Counters.Requests);
        Assert.Equal(6 + (6 * Math.Pow(2, -1 / 60.0)), after.Standing.Score.Value, 9);
        Assert.Equal(SafetyRung.Warn, after.Standing.Rung);
        await ApplyAsync("a", 2, Delta(0, Start + TimeSpan.FromMinutes(2)));
        var step = Assert.Single(await AuditAsync());
        Assert.Equal((1L, "gateway", "step", Subject, SafetyRung.Allow, SafetyRung.Warn, 11.931, "score"), (step.Seq, step.Actor, step.Kind, step.Subject, step.From, step.To, step.Score, step.Reason));
        Assert.Equal(Start + TimeSpan.FromMinutes(1), step.At);
    }

    [Fact]
    public async Task A_batch_that_comes_twice_is_made_once()
    {
        var webhooks = new List<WebhookEvent>();
        await ApplyAsync("a", 1, Delta(50, Start), webhooks);
        var again = Assert.Single(await ApplyAsync("a", 1, Delta(50, Start), webhooks));
        Assert.Equal((1L, 50.0), (again.Counters.Requests, again.Standing.Score.Value));
        Assert.Single(webhooks);
        Assert.Single(await AuditAsync());
        Assert.Equal(2, Assert.Single(await ApplyAsync("a", 2, Delta(0, Start), webhooks)).Counters.Requests);
        Assert.Equal(3, Assert.Single(await ApplyAsync("b", 1, Delta(0, Start), webhooks)).Counters.Requests);
    }

    [Fact]
    public async Task Each_step_is_told_once_and_its_notification_lies_in_the_outbox()
    {
        var webhooks = new List<WebhookEvent>();
        await ApplyAsync("a", 1, Delta(15, Start), webhooks);
        await ApplyAsync("a", 2, Delta(70, Start), webhooks);
        Assert.Equal(["allow>warn", "warn>block"], webhooks.Select(webhook => Encoding.UTF8.GetString(webhook.Payload.Span)));
        Assert.Equal(webhooks.Select(webhook => webhook.Id).Order(), (await OutboxAsync(new Owner(Tenant, null), Subject.Id)).Select(delivery => delivery.Event.Id).Order());
    }

    [Fact]
    public async Task Time_alone_makes_steps_and_they_are_made_without_a_request()
    {
        await ApplyAsync("a", 1, Delta(20, Start));
        await SweepAsync(Start + TimeSpan.FromMinutes(59));
        Assert.Equal(SafetyRung.Slow, (await Store.FindAsync(Tenant, Subject))!.Standing.Rung);
        await SweepAsync(Start + TimeSpan.FromHours(1.5));
        Assert.Equal(SafetyRung.Warn, (await Store.FindAsync(Tenant, Subject))!.Standing.Rung);
        await SweepAsync(Start + TimeSpan.FromDays(1));
        Assert.Equal(["allow>slow score", "slow>warn decay", "warn>allow decay"], (await AuditAsync()).Select(entry => $"{entry.From.Name()}>{entry.To.Name()} {entry.Reason}"));
        Assert.Equal([0, 1, 2], (await AuditAsync()).Select(entry => Math.Round((entry.At - Start).TotalHours, 3)));
    }

    [Fact]
    public async Task An_operators_word_is_kept_audited_under_their_name_and_ends_in_its_time()
    {
        var word = new SafetyOverride(SafetyRung.Block, Start + TimeSpan.FromHours(1));
        var pinned = Assert.Single(await OrderAsync(new SafetyOrder.Pin(Tenant, Subject, word, "key:main", "Ticket 7"), Start));
        Assert.Equal(word, pinned.Standing.Override);
        Assert.Equal(word, (await Store.FindAsync(Tenant, Subject))!.Standing.Override);
        await SweepAsync(Start + TimeSpan.FromHours(2));
        Assert.Null((await Store.FindAsync(Tenant, Subject))!.Standing.Override);
        await OrderAsync(new SafetyOrder.Pin(Tenant, Subject, new SafetyOverride(SafetyRung.Slow, null), "key:main", "Again"), Start + TimeSpan.FromHours(3));
        var cleared = Assert.Single(await OrderAsync(new SafetyOrder.Clear(Tenant, Subject, "cli", "Enough"), Start + TimeSpan.FromHours(4)));
        Assert.Null(cleared.Standing.Override);
        Assert.Equal(
            ["key:main override allow>block Ticket 7", "gateway step block>allow override_ended", "key:main override allow>slow Again", "cli override_cleared slow>allow Enough"],
            (await AuditAsync()).Select(e => $"{e.Actor} {e.Kind} {e.From.Name()}>{e.To.Name()} {e.Reason}"));
    }

    [Fact]
    public async Task A_mark_raises_the_score_and_says_who_made_it()
    {
        var marked = Assert.Single(await OrderAsync(new SafetyOrder.Mark(Tenant, Subject, 25, "cli", "Seen on a forum"), Start));
        Assert.Equal((SafetyRung.Slow, 1L), (marked.Standing.Rung, marked.Counters.Marks));
        Assert.Equal(["mark allow>allow", "step allow>slow"], (await AuditAsync()).Select(e => $"{e.Kind} {e.From.Name()}>{e.To.Name()}"));
    }

    [Fact]
    public async Task Requests_refused_by_rules_are_told_in_one_entry_a_rule()
    {
        await ApplyAsync("a", 1, Delta(0, Start) with { Refusals = new Dictionary<string, int> { ["weapons"] = 3 } });
        var entry = Assert.Single(await AuditAsync());
        Assert.Equal(("rule_refusal", "weapons: 3"), (entry.Kind, entry.Reason));
    }

    [Fact]
    public async Task The_same_subject_in_two_tenants_is_two_with_an_audit_each()
    {
        await ApplyAsync("a", 1, Delta(90, Start));
        await ApplyAsync("a", 2, Delta(15, Start) with { Tenant = Tenant + "-2" });
        Assert.Equal(SafetyRung.Block, (await Store.FindAsync(Tenant, Subject))!.Standing.Rung);
        Assert.Equal(SafetyRung.Warn, (await Store.FindAsync(Tenant + "-2", Subject))!.Standing.Rung);
        Assert.Equal(1, Assert.Single((await Store.AuditAsync(Tenant + "-2", new PageQuery(10, false)))!.Entries).Seq);
    }

    [Fact]
    public async Task Batches_sent_at_once_lose_nothing_and_leave_a_whole_chain()
    {
        const int Senders = 4;
        const int Each = 25;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                // Subjects in both orders, and steps in every batch: what locks badly locks up here.
                SafetyDelta[] deltas = [Delta(1, Start), Delta(1, Start) with { Subject = Other }, Delta(100, Start) with { Subject = new SafetySubject((UInt128)((sender * 1000) + i + 1)) }];
                if (sender % 2 == 0) Array.Reverse(deltas);
                await Store.ApplyAsync(new SafetyBatch($"{Tenant}-{sender}", i + 1, deltas, []), SafetyLadder.Default, Start, (_, _, _) => null);
            }
        })));
        foreach (var subject in new[] { Subject, Other })
        {
            var record = (await Store.FindAsync(Tenant, subject))!;
            Assert.Equal((Senders * Each, (double)(Senders * Each)), (record.Counters.Requests, record.Standing.Score.Value));
        }

        // Four steps of each of the two on their way to 100, and one of every other.
        var verdict = await Store.VerifyAsync(Tenant);
        Assert.Null(verdict.Fault);
        Assert.Equal(8 + (Senders * Each), verdict.Entries);
    }

    [Fact]
    public async Task The_audit_is_walked_page_by_page_either_way()
    {
        for (var i = 1; i <= 7; i++) await OrderAsync(new SafetyOrder.Mark(Tenant, Subject, 0.1, "cli", $"{i}"), Start);
        Assert.Equal(["1", "2", "3"], await PageAsync(new PageQuery(3, false), more: true));
        Assert.Equal(["4", "5", "6"], await PageAsync(new PageQuery(3, false, After: "3"), more: true));
        Assert.Equal(["7"], await PageAsync(new PageQuery(3, false, After: "6"), more: false));
        Assert.Equal(["7", "6", "5"], await PageAsync(new PageQuery(3, true), more: true));
        Assert.Equal(["4", "3"], await PageAsync(new PageQuery(2, true, After: "5"), more: true));
        Assert.Equal(["2", "3"], await PageAsync(new PageQuery(2, false, Before: "4"), more: true));
        Assert.Equal(["6", "5"], await PageAsync(new PageQuery(2, true, Before: "4"), more: true));
        Assert.Equal(["4", "5"], await PageAsync(new PageQuery(5, false, After: "3", Before: "6"), more: false));
        foreach (var unknown in (string[])["0", "8", "-1", "x", "", "1x"]) Assert.Null(await Store.AuditAsync(Tenant, new PageQuery(3, false, After: unknown)));
    }

    [Fact]
    public async Task The_head_that_is_told_moves_with_every_entry()
    {
        var before = await Store.VerifyAsync(Tenant);
        await OrderAsync(new SafetyOrder.Mark(Tenant, Subject, 1, "cli", "x"), Start);
        var after = await Store.VerifyAsync(Tenant);
        Assert.Equal((0L, 1L), (before.Entries, after.Entries));
        Assert.False(before.HeadHash.Span.SequenceEqual(after.HeadHash.Span));
        Assert.Equal((await AuditAsync())[0].Hash.ToArray(), after.HeadHash.ToArray());
    }

    /// <summary>What lies in the outbox about a subject.</summary>
    protected abstract ValueTask<IReadOnlyList<WebhookDelivery>> OutboxAsync(Owner owner, string subjectId);

    protected async Task<List<SafetyAuditEntry>> AuditAsync() => [.. (await Store.AuditAsync(Tenant, new PageQuery(100, false)))!.Entries];

    protected async Task<IReadOnlyList<SafetyRecord>> OrderAsync(SafetyOrder order, DateTimeOffset now) =>
        [.. (await Store.ApplyAsync(SafetyBatch.Of(order), SafetyLadder.Default, now, (_, _, _) => null)).Where(record => record.Tenant == Tenant)];

    private SafetyDelta Delta(double score, DateTimeOffset at, SafetyCounters? counters = null) =>
        new(Tenant, Subject, counters ?? new SafetyCounters(1), new SafetyScore(score, at), at, at);

    private async Task<IReadOnlyList<SafetyRecord>> ApplyAsync(string source, long number, SafetyDelta delta, List<WebhookEvent>? webhooks = null) =>
        [.. (await Store.ApplyAsync(new SafetyBatch($"{Tenant}-{source}", number, [delta], []), SafetyLadder.Default, delta.LastSeen, (tenant, subject, step) => Notify(tenant, subject, step, webhooks))).Where(record => record.Tenant == delta.Tenant)];

    private WebhookEvent? Notify(string tenant, SafetySubject subject, SafetyStep step, List<WebhookEvent>? webhooks)
    {
        if (webhooks is null || tenant != Tenant) return null;
        var webhook = new WebhookEvent(
            "evt_" + Guid.NewGuid().ToString("N"), new Owner(tenant, null), subject.Id, new WebhookTarget("https://receiver.example/", null), "safety.step",
            Encoding.UTF8.GetBytes($"{step.From.Name()}>{step.To.Name()}"));
        webhooks.Add(webhook);
        return webhook;
    }

    private async Task SweepAsync(DateTimeOffset now) => await Store.ApplyAsync(new SafetyBatch("sweep", 0, [], []), SafetyLadder.Default, now, (_, _, _) => null);

    private async Task<IEnumerable<string>> PageAsync(PageQuery query, bool more)
    {
        var page = (await Store.AuditAsync(Tenant, query))!;
        Assert.Equal(more, page.HasMore);
        return page.Entries.Select(entry => entry.Reason);
    }
}
