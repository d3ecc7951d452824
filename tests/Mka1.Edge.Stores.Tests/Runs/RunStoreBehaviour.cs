using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Runs;
using Mka1.Edge.Stores.Tests.Responses;
using Mka1.Edge.Stores.Webhooks;
using static Mka1.Edge.Stores.Tests.Responses.Sample;

namespace Mka1.Edge.Stores.Tests.Runs;

/// <summary>What every store of runs does to one run.</summary>
public abstract class RunStoreBehaviour(IStoresUnderTest stores)
{
    private static readonly TimeSpan LongLease = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortLease = TimeSpan.FromMilliseconds(300);

    private IResponseStore Responses => stores.Responses;

    private IRunStore Runs => stores.Runs;

    [Fact]
    public async Task Of_twenty_who_end_a_run_one_does_and_everything_is_written_once()
    {
        var owner = NewOwner();
        var conversation = NewId("conv");
        await stores.AddConversationAsync(owner, conversation);
        var running = await HeldAsync(Background(owner, NewId("replica")));
        var endings = Enumerable.Range(0, 20).Select(n => Ending(running, body: $$"""{"n":{{n}}}""") with
        {
            OutputItemIds = [$"msg_{running.Response.Id}_{n}"],
            Conversation = Append(conversation, running.Response.Id, $"{n}:0", $"{n}:1"),
            Webhook = Webhook(running),
            Ledger = Charge(running),
        }).ToList();

        var results = await Task.WhenAll(endings.Select(e => Runs.FinishAsync(e).AsTask()));

        var winner = endings[Assert.Single(Enumerable.Range(0, 20), i => results[i])];
        var ended = await Responses.FindAsync(owner, running.Response.Id);
        Assert.Equal(Text(winner.Body), Text(ended!.Body));
        Assert.Equal(StoredStatus.Completed, ended.Status);
        Assert.Equal(7, ended.TerminalSequence);
        var effects = await stores.EffectsAsync(running.Response.Id, conversation);
        Assert.Equal(winner.Conversation!.Items.Select(i => i.Id), effects.Items);
        Assert.Equal([winner.Webhook!.Id], effects.Webhooks);
        Assert.Equal(1, effects.LedgerRows);
        Assert.Single(await Responses.FindByItemsAsync(owner, [.. endings.SelectMany(e => e.OutputItemIds)]));
    }

    [Fact]
    public async Task The_same_ending_again_is_true_again_and_writes_nothing()
    {
        var owner = NewOwner();
        var conversation = NewId("conv");
        await stores.AddConversationAsync(owner, conversation);
        var running = await HeldAsync(Background(owner, NewId("replica")));
        var ending = Ending(running) with { Conversation = Append(conversation, running.Response.Id, "one"), Webhook = Webhook(running) };

        Assert.True(await Runs.FinishAsync(ending));
        Assert.True(await Runs.FinishAsync(ending));

        Assert.False(await Runs.FinishAsync(ending with { Body = Json("""{"other":1}""") }));
        Assert.False(await Runs.FinishAsync(ending with { TerminalSequence = 8 }));
        Assert.False(await Runs.FinishAsync(ending with { TerminalSequence = null }));
        Assert.False(await Runs.FinishAsync(ending with { Status = StoredStatus.Failed }));
        var effects = await stores.EffectsAsync(running.Response.Id, conversation);
        Assert.Equal(["one"], effects.Items);
        Assert.Equal([ending.Webhook.Id], effects.Webhooks);
    }

    [Fact]
    public async Task Nobody_else_ends_a_run()
    {
        var running = await HeldAsync(Background(NewOwner(), NewId("replica")));
        foreach (var stranger in Strangers(running.Response.Owner))
        {
            Assert.False(await Runs.FinishAsync(Ending(running) with { Owner = stranger }));
            Assert.False(await Runs.FinishAsync(Ending(running, fence: null) with { Owner = stranger }));
        }

        Assert.Equal(StoredStatus.InProgress, (await Responses.FindAsync(running.Response.Owner, running.Response.Id))!.Status);
        Assert.True(await Runs.FinishAsync(Ending(running)));
        Assert.False(await Runs.FinishAsync(Ending(running) with { Owner = Strangers(running.Response.Owner).First() }));
    }

    [Fact]
    public async Task Who_held_a_run_before_changes_nothing_any_more()
    {
        var running = await HeldAsync(Background(NewOwner(), NewId("gone")));
        var id = running.Response.Id;
        var taker = NewId("replica");
        var taken = await TakeAsync(taker, id);
        Assert.Equal(1, taken!.Fence);

        Assert.False(await Runs.StartAsync(id, 0, Json("""{"stale":1}"""), Webhook(running)));
        Assert.False(await Runs.MarkEmittedAsync(id, 0));
        Assert.False(await Runs.ReleaseAsync(id, 0));
        Assert.False(await Runs.FinishAsync(Ending(running, 0, body: """{"stale":1}""") with { Webhook = Webhook(running), Ledger = Charge(running) }));

        Assert.Equal("{}", Text((await Responses.FindAsync(running.Response.Owner, id))!.Body));
        var effects = await stores.EffectsAsync(id, "");
        Assert.Empty(effects.Webhooks);
        Assert.Equal(0, effects.LedgerRows);
        Assert.True(await Runs.MarkEmittedAsync(id, 1));
        Assert.True(await Runs.FinishAsync(Ending(running, 1)));
    }

    [Fact]
    public async Task A_cancel_ends_a_run_whoever_holds_it_and_a_later_end_changes_nothing()
    {
        var held = await HeldAsync(Background(NewOwner(), NewId("replica")));
        var queued = await HeldAsync(Background(NewOwner()));
        foreach (var run in new[] { held, queued })
        {
            Assert.True(await Runs.FinishAsync(Ending(run, null, StoredStatus.Cancelled, """{"status":"cancelled"}""")));
            Assert.False(await Runs.FinishAsync(Ending(run)));
            Assert.False(await Runs.StartAsync(run.Response.Id, 0, Json("{}"), null));
            var ended = await Responses.FindAsync(run.Response.Owner, run.Response.Id);
            Assert.Equal(StoredStatus.Cancelled, ended!.Status);
            Assert.Equal("""{"status":"cancelled"}""", Text(ended.Body));
        }
    }

    [Fact]
    public async Task A_run_that_nobody_holds_ends_under_no_token()
    {
        var queued = await HeldAsync(Background(NewOwner()));

        Assert.False(await Runs.FinishAsync(Ending(queued, 0)));
        Assert.False(await Runs.MarkEmittedAsync(queued.Response.Id, 0));
        Assert.Equal(StoredStatus.Queued, (await Responses.FindAsync(queued.Response.Owner, queued.Response.Id))!.Status);
    }

    [Fact]
    public async Task A_start_shows_and_notifies()
    {
        var running = await HeldAsync(Background(NewOwner(), NewId("replica")));
        var webhook = Webhook(running, "response.in_progress");

        Assert.True(await Runs.StartAsync(running.Response.Id, 0, Json("""{"status":"in_progress"}"""), webhook));
        Assert.True(await Runs.StartAsync(running.Response.Id, 0, Json("""{"status":"in_progress"}"""), null));

        var started = await Responses.FindAsync(running.Response.Owner, running.Response.Id);
        Assert.Equal(StoredStatus.InProgress, started!.Status);
        Assert.Equal("""{"status":"in_progress"}""", Text(started.Body));
        Assert.Equal([webhook.Id], (await stores.EffectsAsync(running.Response.Id, "")).Webhooks);
    }

    [Fact]
    public async Task An_append_to_a_conversation_that_is_gone_is_passed_over()
    {
        var running = await HeldAsync(Background(NewOwner(), NewId("replica")));

        Assert.True(await Runs.FinishAsync(Ending(running) with { Conversation = Append(NewId("conv"), running.Response.Id, "one"), Ledger = Charge(running) }));

        Assert.Equal(1, (await stores.EffectsAsync(running.Response.Id, "")).LedgerRows);
    }

    [Fact]
    public async Task A_run_is_an_orphan_once_the_lease_is_over_and_one_takes_it()
    {
        var holder = NewId("replica");
        await Runs.BeatAsync(holder, LongLease);
        var secret = Json("secret");
        var running = Background(NewOwner(), holder, priority: 3);
        running = running with
        {
            Run = running.Run! with { Context = Json("[\"\0\"]"), Webhook = new WebhookTarget("https://hooks.example/x", secret) },
        };
        await HeldAsync(running);
        Assert.True(await Runs.MarkEmittedAsync(running.Response.Id, 0));
        Assert.Null(await TakeAsync(NewId("taker"), running.Response.Id));
        await Runs.BeatAsync(holder, ShortLease);

        var takers = Enumerable.Range(0, 8).Select(_ => NewId("taker")).ToList();
        List<StoredRun> taken = [];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (taken.Count == 0)
        {
            // Who takes over must itself have been alive for a lease.
            foreach (var taker in takers) await Runs.BeatAsync(taker, TimeSpan.FromSeconds(2));
            var round = await Task.WhenAll(takers.Select(taker => TakeAsync(taker, running.Response.Id)));
            taken.AddRange(round.OfType<StoredRun>());
            await Task.Delay(10, patience.Token);
        }

        var run = Assert.Single(taken);
        Assert.Equal(1, run.Fence);
        Assert.True(run.Emitted);
        Assert.Contains(run.Run.Replica, takers);
        Assert.Equal(running.Response.Id, run.Response.Id);
        Assert.Equal(running.Response.Owner, run.Response.Owner);
        Assert.Equal(("key", "req", 3), (run.Run.KeyId, run.Run.RequestId, run.Run.Priority));
        Assert.Equal(Text(running.Run.Request), Text(run.Run.Request));
        Assert.Equal("[\"\0\"]", Text(run.Run.Context));
        Assert.Equal("https://hooks.example/x", run.Run.Webhook!.Url);
        Assert.Equal("secret", Text(run.Run.Webhook.Secret));
        foreach (var taker in takers) Assert.Null(await TakeAsync(taker, running.Response.Id));
    }

    [Fact]
    public async Task What_a_replica_holds_is_free_when_it_leaves()
    {
        var holder = NewId("replica");
        await Runs.BeatAsync(holder, LongLease);
        var running = await HeldAsync(Background(NewOwner(), holder));
        var taker = NewId("taker");
        Assert.Null(await TakeAsync(taker, running.Response.Id));

        await Runs.LeaveAsync(holder);

        Assert.NotNull(await TakeAsync(taker, running.Response.Id));
    }

    [Fact]
    public async Task Whoever_has_just_come_back_takes_nothing_over_for_the_time_of_a_lease()
    {
        var lease = TimeSpan.FromSeconds(1);
        var running = await HeldAsync(Background(NewOwner(), NewId("gone")));
        var taker = NewId("taker");
        await Runs.BeatAsync(taker, lease);
        Assert.Null(await TakeAsync(taker, running.Response.Id));

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await TakeAsync(taker, running.Response.Id) is null)
        {
            await Runs.BeatAsync(taker, lease);
            await Task.Delay(50, patience.Token);
        }
    }

    private async Task<ResponseAddition> HeldAsync(ResponseAddition addition)
    {
        await Responses.AddAsync(addition);
        return addition;
    }

    /// <summary>Takes over all there is; the run asked for, if it was among it. Other tests' orphans are of no use to them.</summary>
    private async Task<StoredRun?> TakeAsync(string taker, string id) =>
        (await Runs.TakeOrphansAsync(taker, 1000)).SingleOrDefault(r => r.Response.Id == id);
}
