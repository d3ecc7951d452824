using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Stores.Safety;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: replicas judge a subject by what all of them have seen, requests do not wait for the store, and nothing is counted twice.</summary>
[Collection(MemoryCollection.Name)]
public sealed class SharesSafetyTests(ITestOutputHelper output)
{
    [Fact]
    public async Task What_two_replicas_see_adds_up_and_each_hears_of_it()
    {
        var (store, clock) = (new MemorySafetyStore(_ => { }), new FakeClock());
        await using var a = await SafetyBench.StartAsync(store: store, clock: clock);
        await using var b = await SafetyBench.StartAsync(store: store, clock: clock);
        for (var i = 0; i < 4; i++) await a.SendAsync(SafetyBench.Scored + i);
        for (var i = 4; i < 8; i++) await b.SendAsync(SafetyBench.Scored + i);
        await a.FlushAsync();
        await b.FlushAsync();
        Assert.Equal((403, null), await b.SendAsync(SafetyBench.Plain));
        await a.SendAsync(SafetyBench.Plain);
        await a.FlushAsync();
        Assert.Equal((403, null), await a.SendAsync(SafetyBench.Plain));
        var rungs = (await a.AuditAsync()).Select(entry => entry.Split(' ')[1].Split('>')).ToList();
        Assert.Equal(("allow", "block"), (rungs[0][0], rungs[^1][1]));
        Assert.All(rungs.Zip(rungs.Skip(1)), pair => Assert.Equal(pair.First[1], pair.Second[0]));
        Assert.Null((await store.VerifyAsync("acme")).Fault);
    }

    [Fact]
    public async Task Whom_another_replica_has_blocked_is_refused_here_on_the_first_request()
    {
        var (store, clock) = (new MemorySafetyStore(_ => { }), new FakeClock());
        await using var a = await SafetyBench.StartAsync(store: store, clock: clock);
        await using var b = await SafetyBench.StartAsync(store: store, clock: clock);
        for (var i = 0; i < 8; i++) await a.SendAsync(SafetyBench.Scored + i);
        await a.FlushAsync();
        Assert.Equal((403, null), await b.SendAsync(SafetyBench.Plain));
        Assert.Equal(0, b.Gateway.UpstreamCalls);
    }

    [Fact]
    public async Task An_override_made_on_one_replica_holds_on_the_other_when_what_it_knows_is_old()
    {
        var (store, clock) = (new MemorySafetyStore(_ => { }), new FakeClock());
        await using var a = await SafetyBench.StartAsync(store: store, clock: clock);
        await using var b = await SafetyBench.StartAsync(store: store, clock: clock);
        await b.SendAsync(SafetyBench.Plain);
        await b.FlushAsync();
        await a.Acme.CallAsync("POST", "/safety/u1/override", """{"rung":"block","reason":"x"}""");
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((403, null), await b.SendAsync(SafetyBench.Plain));
    }

    [Fact]
    public async Task With_the_store_away_requests_are_judged_by_what_is_known_here_and_what_was_seen_is_told_later_once()
    {
        var store = new FaultySafetyStore(new MemorySafetyStore(_ => { })) { IsAway = true };
        await using var bench = await SafetyBench.StartAsync(store: store);
        Assert.Equal((200, null), await bench.SendAsync(SafetyBench.Plain));
        Assert.Equal((200, "warn"), await bench.SendAsync(SafetyBench.Scored));
        for (var i = 0; i < 7; i++) await bench.SendAsync(SafetyBench.Scored + i);
        Assert.Equal((403, null), await bench.SendAsync(SafetyBench.Plain));
        var flusher = bench.Gateway.App.Services.GetRequiredService<SafetyFlusher>();
        for (var i = 0; i < 3; i++) Assert.False(await flusher.FlushAsync(default));
        Assert.Single(bench.Gateway.Log.Lines, line => line.EventId == 1400);
        await bench.Acme.RefusedAsync("GET", "/safety/u1", 503, code: "store_unavailable");

        store.IsAway = false;
        await bench.FlushAsync();
        var subject = await bench.Acme.CallAsync("GET", "/safety/u1");
        Assert.Equal((10, 8), (subject.GetProperty("requests").GetInt32(), subject.GetProperty("signals").GetProperty("rule_hits").GetInt32()));
        Assert.Single(bench.Gateway.Log.Lines, line => line.EventId == 1401);
    }

    [Fact]
    public async Task What_the_store_took_without_its_answer_coming_back_is_not_told_again()
    {
        var store = new FaultySafetyStore(new MemorySafetyStore(_ => { })) { LosesAnswers = true };
        await using var bench = await SafetyBench.StartAsync(store: store);
        for (var i = 0; i < 3; i++) await bench.SendAsync(SafetyBench.Scored + i);
        var flusher = bench.Gateway.App.Services.GetRequiredService<SafetyFlusher>();
        for (var i = 0; i < 3; i++) Assert.False(await flusher.FlushAsync(default));
        await bench.SendAsync(SafetyBench.Scored + "last");
        store.LosesAnswers = false;
        await bench.FlushAsync();
        await bench.FlushAsync();
        var subject = await bench.Acme.CallAsync("GET", "/safety/u1");
        Assert.Equal((4, 4), (subject.GetProperty("requests").GetInt32(), subject.GetProperty("signals").GetProperty("rule_hits").GetInt32()));
    }

    [Fact]
    public async Task A_store_that_hangs_is_waited_for_shortly_and_then_not_for_a_while()
    {
        var store = new FaultySafetyStore(new MemorySafetyStore(_ => { })) { Hangs = true };
        await using var bench = await SafetyBench.StartAsync(store: store);
        var first = bench.PostAsync(SafetyBench.Plain, "u0");
        await bench.Clock.AdvanceUntilAsync(first, TimeSpan.FromMilliseconds(50));
        Assert.Equal(200, (int)(await first).StatusCode);

        // With the clock standing still, whoever waited for the store would wait for ever.
        for (var i = 1; i < 20; i++)
        {
            using var answer = await bench.PostAsync(SafetyBench.Plain, "u" + i).Soon();
            Assert.Equal(200, (int)answer.StatusCode);
        }

        Assert.Equal(1, store.Lookups);
    }

    [Fact]
    public async Task Each_step_is_told_to_the_tenants_receiver_signed_and_under_one_id_until_it_is_heard()
    {
        const string Secret = "a secret of the receiver";
        await using var receiver = new ScriptedUpstream();
        var calls = 0;
        receiver.Script = call => Scripts.Json("heard", Interlocked.Increment(ref calls) == 1 ? 500 : 200, "text/plain")(call);
        await using var bench = await SafetyBench.StartAsync(config => config with
        {
            Webhooks = config.Webhooks with { AllowPrivateTargets = true },
            Tenants = config.Tenants.ToDictionary(t => t.Key, t => t.Key == "acme" ? t.Value with { SafetyWebhook = new() { Url = receiver.Address + "steps", Secret = Secret } } : t.Value),
        });
        await bench.SendAsync(SafetyBench.Scored);
        var begun = bench.Clock.GetUtcNow();
        await bench.FlushAsync();
        var first = await NextAsync(bench, receiver);
        var again = await NextAsync(bench, receiver);
        var told = first.Json;
        Assert.Equal(["id", "object", "created_at", "type", "data"], told.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("event", "safety.step"), (told.GetProperty("object").GetString(), told.GetProperty("type").GetString()));
        Assert.InRange(begun.ToUnixTimeSeconds() - told.GetProperty("created_at").GetInt64(), 0, 5);
        var subject = ApiClient.Id(await bench.Acme.CallAsync("GET", "/safety/u1"));
        Assert.Equal($$"""{"subject":"{{subject}}","from":"allow","to":"warn","score":11,"reason":"score"}""", told.GetProperty("data").GetRawText());
        Assert.Equal(told.GetProperty("id").GetString(), Assert.Single(first.Headers["webhook-id"]));
        Assert.Equal(Assert.Single(first.Headers["webhook-id"]), Assert.Single(again.Headers["webhook-id"]));
        Assert.Equal(first.Body, again.Body);
        Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), first.Body)), Assert.Single(first.Headers["X-Webhook-Signature"]));

        await bench.Acme.CallAsync("POST", "/safety/u1/override", """{"rung":"block","reason":"x"}""");
        Assert.Equal(("warn", "block", "override"), Step((await NextAsync(bench, receiver)).Json));
    }

    [Fact]
    public async Task A_subject_held_in_memory_is_small_and_no_more_are_held_than_allowed()
    {
        const int Subjects = 100_000;
        await using var bench = await SafetyBench.StartAsync();
        var tracker = bench.Tracker;
        var rules = new SafetyRuleSet([], 1);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Subjects; i++) Touch(i);
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Subjects;
        output.WriteLine($"{each} bytes a subject.");
        Assert.Equal(Subjects, tracker.Count);
        Assert.InRange(each, 1, 640);
        for (var i = Subjects; i < Subjects + 1000; i++) Touch(i);
        Assert.Equal(Subjects, tracker.Count);

        void Touch(int i)
        {
            var tracked = tracker.Get("acme", new SafetySubject((UInt128)(i + 1)));
            tracker.Changed(tracked, tracked.Request(InputFindings.None, null, rules, SafetyLadder.Default, bench.Clock.GetUtcNow()));
        }
    }

    private static (string?, string?, string?) Step(JsonElement e) =>
        (e.GetProperty("data").GetProperty("from").GetString(), e.GetProperty("data").GetProperty("to").GetString(), e.GetProperty("data").GetProperty("reason").GetString());

    private static async Task<UpstreamCall> NextAsync(SafetyBench bench, ScriptedUpstream receiver)
    {
        var call = receiver.NextCallAsync();
        await bench.Clock.AdvanceUntilAsync(call, TimeSpan.FromSeconds(1));
        return await call;
    }
}
