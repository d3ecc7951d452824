using System.Text.Json;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: who goes on and on is told, slowed, looked at and refused, in this order; comes back as time passes; and all of it stands in an audit that is whole.</summary>
public sealed class WalksTheSafetyLadderTests
{
    [Fact]
    public async Task The_whole_ladder_up_by_signals_and_down_by_time()
    {
        await using var bench = await SafetyBench.StartAsync();
        string?[] told = [null, "warn", "slow", "slow", "review", "review", "review", "review"];
        for (var i = 0; i < told.Length; i++)
        {
            Assert.Equal((200, told[i]), await bench.SendAsync(i == 0 ? SafetyBench.Plain : SafetyBench.Scored + i));

            // Steps of one second are one: to see each, the store is told after each.
            await bench.FlushAsync();
        }

        Assert.Equal((403, null), await bench.SendAsync(SafetyBench.Scored + " 8, and a little more: pipe bomb"));
        var before = bench.Gateway.UpstreamCalls;
        using (var blocked = await bench.PostAsync(SafetyBench.Plain)) await blocked.AssertRefusedAsync(403, "safety_blocked");
        Assert.Equal(before, bench.Gateway.UpstreamCalls);
        await bench.FlushAsync();
        Assert.Equal(["step allow>warn score", "step warn>slow score", "step slow>review score", "step review>block score"], await StepsAsync(bench));

        bench.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal((403, null), await bench.SendAsync(SafetyBench.Plain));
        foreach (var rung in (string[])["review", "slow", "warn"])
        {
            bench.Clock.Advance(TimeSpan.FromHours(1));
            Assert.Equal((200, rung), await bench.SendAsync(SafetyBench.Plain));
        }

        bench.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal((200, null), await bench.SendAsync(SafetyBench.Plain));
        await bench.FlushAsync();
        Assert.Equal(
            ["step block>review decay", "step review>slow decay", "step slow>warn decay", "step warn>allow decay"], (await StepsAsync(bench)).Skip(4));
        var verdict = await bench.Store.VerifyAsync("acme");
        Assert.Equal((8L, null), (verdict.Entries, verdict.Fault));
    }

    [Fact]
    public async Task A_warning_stands_in_the_header_and_in_the_metadata_of_the_answer_and_of_every_snapshot()
    {
        await using var bench = await SafetyBench.StartAsync();
        using (var json = await bench.PostAsync(SafetyBench.Scored, extra: ",\"metadata\":{\"mine\":\"yes\"}"))
        {
            Assert.Equal("warn", Assert.Single(json.Headers.GetValues("x-mka1-safety")));
            Assert.Equal("""{"mine":"yes","safety":"warn"}""", JsonDocument.Parse(await json.Content.ReadAsStringAsync()).RootElement.GetProperty("metadata").GetRawText());
        }

        using var stream = await bench.PostAsync(SafetyBench.Plain, extra: ",\"stream\":true");
        Assert.Equal("warn", Assert.Single(stream.Headers.GetValues("x-mka1-safety")));
        var snapshots = Wire.Events(await stream.Content.ReadAsStringAsync()).Where(e => e.Data.Contains("\"response\":", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, snapshots.Count);
        Assert.All(snapshots, e => Assert.Contains("\"metadata\":{\"safety\":\"warn\"}", e.Data, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_slowed_request_is_held_back_for_the_time_set_and_not_a_moment_longer()
    {
        await using var bench = await SafetyBench.StartAsync(config => config with { Safety = config.Safety with { SlowSeconds = 7 } });
        await bench.SendAsync(SafetyBench.Scored);
        var calls = bench.Gateway.UpstreamCalls;
        var slowed = bench.PostAsync(SafetyBench.Scored + " 2");
        await HeldAsync(bench, 1);
        bench.Clock.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Equal((calls, 1), (bench.Gateway.UpstreamCalls, Room(bench).Taken));
        bench.Clock.Advance(TimeSpan.FromSeconds(0.1));
        using var answer = await slowed.Soon();
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Fact]
    public async Task When_too_many_are_held_back_the_next_is_told_when_to_come_again()
    {
        await using var bench = await SafetyBench.StartAsync(config => config with { Safety = config.Safety with { MaxDelayed = 2, SlowSeconds = 5 } });
        await bench.SendAsync(SafetyBench.Scored);
        var held = new List<Task<HttpResponseMessage>> { bench.PostAsync(SafetyBench.Scored + " 2") };
        await HeldAsync(bench, 1);
        held.Add(bench.PostAsync(SafetyBench.Plain));
        await HeldAsync(bench, 2);
        using (var refused = await bench.PostAsync(SafetyBench.Plain).Soon())
        {
            await refused.AssertRefusedAsync(503, "overloaded");
            Assert.Equal(5, refused.Headers.RetryAfter?.Delta?.TotalSeconds);
        }

        using (var other = await bench.PostAsync(SafetyBench.Plain, "u2").Soon()) Assert.Equal(200, (int)other.StatusCode);
        bench.Clock.Advance(TimeSpan.FromSeconds(5));
        foreach (var answer in held)
        {
            using var served = await answer.Soon();
            Assert.Equal(200, (int)served.StatusCode);
        }

        Assert.Equal(0, Room(bench).Taken);
    }

    [Fact]
    public async Task Whoever_leaves_while_held_back_gives_the_place_free_and_costs_no_model_server_anything()
    {
        await using var bench = await SafetyBench.StartAsync();
        await bench.SendAsync(SafetyBench.Scored);
        var calls = bench.Gateway.UpstreamCalls;
        using (var leaving = new CancellationTokenSource())
        {
            var sending = bench.Gateway.Client.SendAsync(GatewayFixture.Create(SafetyBench.Body(SafetyBench.Scored + " 2", "u1")), leaving.Token);
            await HeldAsync(bench, 1);
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        }

        await HeldAsync(bench, 0);
        Assert.Equal(calls, bench.Gateway.UpstreamCalls);
    }

    [Fact]
    public async Task An_override_counts_at_once_for_more_than_the_score_and_ends_in_its_time()
    {
        await using var bench = await SafetyBench.StartAsync();
        await bench.SendAsync(SafetyBench.Plain);
        var until = (bench.Clock.GetUtcNow() + TimeSpan.FromHours(1)).ToUnixTimeSeconds();
        var pinned = await bench.Acme.CallAsync("POST", "/safety/u1/override", $$"""{"rung":"block","until":{{until}},"reason":"Ticket 7"}""");
        Assert.Equal($$"""{"rung":"block","until":{{until}}}""", pinned.GetProperty("override").GetRawText());
        Assert.Equal(("block", "allow"), (pinned.GetProperty("rung").GetString(), pinned.GetProperty("score_rung").GetString()));
        Assert.Equal((403, null), await bench.SendAsync(SafetyBench.Plain));
        bench.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal((200, null), await bench.SendAsync(SafetyBench.Plain));

        await bench.Acme.CallAsync("POST", "/safety/u1/override", """{"rung":"warn","reason":"Again"}""");
        Assert.Equal((200, "warn"), await bench.SendAsync(SafetyBench.Plain));
        var cleared = await bench.Acme.CallAsync("DELETE", "/safety/u1/override");
        Assert.Equal(JsonValueKind.Null, cleared.GetProperty("override").ValueKind);
        Assert.Equal((200, null), await bench.SendAsync(SafetyBench.Plain));
        Assert.Equal(
            ["override allow>block Ticket 7", "step block>allow override_ended", "override allow>warn Again", "override_cleared warn>allow cleared"], await bench.AuditAsync());
        Assert.Null((await bench.Store.VerifyAsync("acme")).Fault);
    }

    [Fact]
    public async Task An_override_lets_through_whom_the_score_would_block()
    {
        await using var bench = await SafetyBench.StartAsync();
        for (var i = 0; i < 9; i++) await bench.SendAsync(SafetyBench.Scored + i);
        Assert.Equal((403, null), await bench.SendAsync(SafetyBench.Plain));
        await bench.Acme.CallAsync("POST", "/safety/u1/override", """{"rung":"allow","reason":"A researcher"}""");
        Assert.Equal((200, null), await bench.SendAsync(SafetyBench.Scored));
    }

    [Fact]
    public async Task The_same_identifier_in_two_tenants_is_two()
    {
        await using var bench = await SafetyBench.StartAsync();
        for (var i = 0; i < 9; i++) await bench.SendAsync(SafetyBench.Scored + i);
        Assert.Equal((403, null), await bench.SendAsync(SafetyBench.Plain));
        Assert.Equal((200, null), await bench.SendAsync(SafetyBench.Plain, key: TestKeys.Globex));
        var (acme, globex) = (await bench.Acme.CallAsync("GET", "/safety/u1"), await bench.Globex.CallAsync("GET", "/safety/u1"));
        Assert.Equal(("block", "allow"), (acme.GetProperty("rung").GetString(), globex.GetProperty("rung").GetString()));
        Assert.NotEqual(ApiClient.Id(acme), ApiClient.Id(globex));
        await bench.Globex.RefusedAsync("GET", "/safety/" + ApiClient.Id(acme), 404);
        Assert.Empty(await bench.AuditAsync(bench.Globex));
    }

    [Fact]
    public async Task A_background_run_is_decided_on_when_it_is_taken_in()
    {
        await using var bench = await SafetyBench.StartAsync();
        await bench.SendAsync(SafetyBench.Scored);
        using var taken = await bench.Gateway.PostAsync(SafetyBench.Body(SafetyBench.Plain, "u1").Replace("\"store\":false", "\"background\":true", StringComparison.Ordinal));
        var queued = JsonDocument.Parse(await taken.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("warn", queued.GetProperty("metadata").GetProperty("safety").GetString());
        var ended = await EndedAsync(bench, ApiClient.Id(queued));
        Assert.Equal(("completed", "warn"), (ended.GetProperty("status").GetString(), ended.GetProperty("metadata").GetProperty("safety").GetString()));

        await bench.Acme.CallAsync("POST", "/safety/u1/override", """{"rung":"block","reason":"x"}""");
        using var refused = await bench.Gateway.PostAsync(SafetyBench.Body(SafetyBench.Plain, "u1").Replace("\"store\":false", "\"background\":true", StringComparison.Ordinal));
        await refused.AssertRefusedAsync(403, "safety_blocked");
    }

    private static DelayRoom Room(SafetyBench bench) => bench.Gateway.App.Services.GetRequiredService<DelayRoom>();

    private static async Task HeldAsync(SafetyBench bench, int number)
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        while (Room(bench).Taken != number) await Task.Delay(5, limit.Token);
    }

    private static async Task<JsonElement> EndedAsync(SafetyBench bench, string id)
    {
        for (var i = 0; i < 500; i++)
        {
            var response = await bench.Acme.CallAsync("GET", "/responses/" + id);
            if (response.GetProperty("status").GetString() is not ("queued" or "in_progress")) return response;
            bench.Clock.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Delay(10);
        }

        throw new TimeoutException();
    }

    private static async Task<IEnumerable<string>> StepsAsync(SafetyBench bench) => (await bench.AuditAsync()).Where(entry => entry.StartsWith("step", StringComparison.Ordinal));
}
