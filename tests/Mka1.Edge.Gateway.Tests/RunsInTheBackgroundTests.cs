using System.Collections.Concurrent;
using System.Text.Json;
using Mka1.Edge.Gateway.Tests.Support;
using static Mka1.Edge.Gateway.Tests.Support.StoredResponses;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a background response is queued at once, worked off without its client, and can be polled, followed and cancelled.</summary>
public sealed class RunsInTheBackgroundTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const string Background = "\"background\":true";

    [Fact]
    public async Task It_is_queued_at_once_and_completes_by_itself()
    {
        var model = new SteppedStream();
        gateway.Dense.Play(model.PlayAsync);
        var body = await gateway.CreateAsync(Background + ",\"metadata\":{\"a\":\"1\"}");
        Assert.Equal("queued", StatusOf(body));
        var id = IdOf(body);
        await gateway.Dense.NextCallAsync();
        await gateway.UntilAsync(id, "in_progress");

        model.End(Transcript.Text("Hel", "lo"));
        var done = await gateway.UntilAsync(id, "completed");
        Assert.Equal("Hello", done.GetProperty("output_text").GetString());
        Assert.True(done.GetProperty("background").GetBoolean());
        Assert.Equal("""{"a":"1"}""", done.GetProperty("metadata").GetRawText());
        Assert.Equal(JsonDocument.Parse(body).RootElement.GetProperty("created_at").GetInt64(), done.GetProperty("created_at").GetInt64());
        Assert.True(done.GetProperty("completed_at").GetInt64() >= done.GetProperty("created_at").GetInt64());
        Assert.Equal((8, 7, false), Assert.Single(gateway.Ledger.Rows(), r => r.ResponseId == id) is var row ? (row.InputTokens, row.OutputTokens, row.Estimated) : default);
    }

    [Fact]
    public async Task Its_creator_may_follow_it_from_created_over_queued_to_completed()
    {
        gateway.Dense.Play(Scripts.Completed("Hel", "lo"));
        var heard = await gateway.StreamAsync(Background);
        Assert.Equal(["response.created", "response.queued", "response.in_progress", "response.output_item.added"], heard.Take(4).Select(e => e.Name));
        Assert.Equal(["queued", "queued", "in_progress"], heard.Take(3).Select(e => StatusOf(ResponseOf(e))));
        var final = StrictClient.Follow(heard);
        Assert.Equal("Hello", final.OutputText);
        Assert.Equal(ResponseOf(heard[^2]), await gateway.ReadAsync(final.Id));
        Assert.Equal(string.Concat(heard.SkipLast(1)) + "data: [DONE]\n\n", await gateway.ReadAsync(final.Id + "?stream=true"));
    }

    [Fact]
    public async Task One_that_was_not_asked_for_as_a_stream_can_be_followed_as_one()
    {
        var model = new SteppedStream();
        gateway.Dense.Play(model.PlayAsync);
        var id = IdOf(await gateway.CreateAsync(Background));
        using var early = await gateway.FollowAsync(id);
        model.Say([.. Transcript.Opening(), Transcript.Delta("Hel", 4)]);
        await early.UntilAsync("\"Hel\"");
        using var late = await gateway.FollowAsync(id, "&starting_after=1");
        await late.UntilAsync("\"Hel\"");
        model.End([Transcript.Delta("lo", 5), .. Transcript.Closing("Hello", 6)]);

        var heard = Wire.Events(await early.EndAsync());
        Assert.Equal("Hello", StrictClient.Follow(heard).OutputText);
        Assert.Equal(heard.Skip(2), Wire.Events(await late.EndAsync()));
        Assert.Equal(heard, Wire.Events(await gateway.ReadAsync(id + "?stream=true")));
    }

    [Fact]
    public async Task A_creator_that_leaves_changes_nothing()
    {
        var model = new SteppedStream();
        gateway.Dense.Play(model.PlayAsync);
        model.Say([.. Transcript.Opening(), Transcript.Delta("Hel", 4)]);
        await using var hasty = await GatewayFixture.StartAsync(config => config with { Stores = config.Stores with { DisconnectGraceSeconds = 0 } });
        hasty.Dense.Play(model.PlayAsync);
        using var creator = await hasty.BeginAsync(Background);
        await creator.UntilAsync("\"Hel\"");
        creator.Dispose();
        await hasty.Log.WaitForAsync(line => line.EventId == 1000);
        model.End([Transcript.Delta("lo", 5), .. Transcript.Closing("Hello", 6)]);
        await hasty.UntilAsync(creator.Id, "completed");
    }

    [Theory]
    [InlineData(400, "the input is bad", "invalid_value")]
    [InlineData(500, "boom", "upstream_error")]
    [InlineData(503, "busy", "overloaded")]
    public async Task A_model_server_that_refuses_makes_it_fail_with_that_error(int status, string message, string code)
    {
        gateway.Dense.Play(Scripts.Json($$$"""{"error":{"message":"{{{message}}}"}}""", status));
        var heard = await gateway.StreamAsync(Background);
        Assert.Equal(["response.created", "response.queued", "response.in_progress", "response.failed", ""], heard.Select(e => e.Name));
        var final = StrictClient.Follow(heard);
        Assert.Equal(code, final.Error!.Code);
        if (status == 400) Assert.Equal(message, final.Error.Message);
        Assert.Equal("failed", StatusOf(await gateway.ReadAsync(final.Id)));
    }

    [Fact]
    public async Task Without_a_model_server_it_fails_and_says_so()
    {
        gateway.Dense.Play(Scripts.Reset);
        var id = IdOf(await gateway.CreateAsync(Background));
        var failed = await gateway.UntilAsync(id, "failed");
        Assert.Equal("no_backend_available", failed.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("[]", failed.GetProperty("output").GetRawText());
        Assert.DoesNotContain(gateway.Ledger.Rows(), r => r.ResponseId == id);
    }

    [Fact]
    public async Task A_stream_that_breaks_keeps_what_came_of_it()
    {
        gateway.Dense.Play(Scripts.Stream([.. Transcript.Opening().Concat(Transcript.Deltas("Hel", "lo")).Select(e => e.ToString())]));
        var heard = await gateway.StreamAsync(Background);
        var final = StrictClient.AssertFailed(heard, "upstream_error");
        Assert.Equal("Hello", final.OutputText);
    }

    [Fact]
    public async Task What_routing_decided_stays_decided()
    {
        foreach (var server in (ScriptedUpstream[])[gateway.Quantized, gateway.Moe, gateway.Dense]) server.Play(Scripts.Completed("Hello"));
        var body = await gateway.CreateAsync(Background + ",\"auto_routing\":true");
        var routed = JsonDocument.Parse(body).RootElement.GetProperty("metadata").GetProperty("routed_model").GetString();
        var done = await gateway.UntilAsync(IdOf(body), "completed");
        Assert.Equal(routed, done.GetProperty("metadata").GetProperty("routed_model").GetString());
    }

    [Fact]
    public async Task A_queued_one_is_cancelled_before_any_model_server_hears_of_it()
    {
        await using var busy = await GatewayFixture.StartAsync(config => config with { Background = config.Background with { Workers = 1 } });
        busy.Dense.Play(Scripts.Silence);
        await busy.CreateAsync(Background);
        await busy.Dense.NextCallAsync();

        using var creator = await busy.BeginAsync(Background);
        await creator.UntilAsync("response.queued");
        var cancelled = await busy.ReadAsync(creator.Id + "/cancel", HttpMethod.Post);
        Assert.Equal("cancelled", StatusOf(cancelled));
        Assert.Equal(cancelled, await busy.ReadAsync(creator.Id));
        Assert.Equal(cancelled, await busy.ReadAsync(creator.Id + "/cancel", HttpMethod.Post));
        AssertCancelled(Wire.Events(await creator.EndAsync()), cancelled, 2);
        Assert.Equal(creator.Text, await busy.ReadAsync(creator.Id + "?stream=true"));
        Assert.Single(busy.Dense.Calls);
    }

    [Fact]
    public async Task A_running_one_is_cancelled_and_its_model_server_let_go()
    {
        gateway.Dense.Play(Scripts.StreamThenSilence([.. Transcript.Opening(), .. Transcript.Deltas("Hel", "lo")]));
        using var creator = await gateway.BeginAsync(Background);
        await creator.UntilAsync("\"lo\"");
        var cancelled = await gateway.ReadAsync(creator.Id + "/cancel", HttpMethod.Post);
        await (await gateway.Dense.NextCallAsync()).Aborted.Soon();
        Assert.Equal("cancelled", StatusOf(cancelled));
        AssertCancelled(Wire.Events(await creator.EndAsync()), cancelled, 7);
        Assert.Equal(cancelled, await gateway.ReadAsync(creator.Id));
        Assert.Equal(cancelled, await gateway.ReadAsync(creator.Id + "/cancel", HttpMethod.Post));
        Assert.Equal(creator.Text, await gateway.ReadAsync(creator.Id + "?stream=true"));

        var line = await gateway.Log.WaitForAsync(l => l.EventId == 1900 && Equals(l.Values["ResponseId"], creator.Id) && l.Values["End"]?.ToString() != "Queued");
        Assert.Equal("Cancelled", line.Values["End"]?.ToString());
        Assert.Equal((2, true), Assert.Single(gateway.Ledger.Rows(), r => r.ResponseId == creator.Id) is var row ? (row.OutputTokens, row.Estimated) : default);
    }

    [Fact]
    public async Task One_that_has_ended_is_not_changed_by_a_cancel()
    {
        gateway.Dense.Play(Scripts.Completed("Hello"));
        var id = IdOf(await gateway.CreateAsync(Background));
        await gateway.UntilAsync(id, "completed");
        var body = await gateway.ReadAsync(id);
        Assert.Equal(body, await gateway.ReadAsync(id + "/cancel", HttpMethod.Post));
        Assert.Equal(body, await gateway.ReadAsync(id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_in_the_foreground_cannot_be_cancelled(bool stream)
    {
        gateway.Dense.Play(Scripts.Completed("Hello"));
        var id = stream ? StrictClient.Follow(await gateway.StreamAsync()).Id : IdOf(await gateway.CreateAsync());
        using var answer = await gateway.AskAsync(id + "/cancel", HttpMethod.Post);
        await answer.AssertRefusedAsync(400, "invalid_state");
    }

    [Fact]
    public async Task One_that_is_deleted_while_it_runs_stops()
    {
        gateway.Dense.Play(Scripts.StreamThenSilence(Transcript.Opening()));
        var id = IdOf(await gateway.CreateAsync(Background));
        var call = await gateway.Dense.NextCallAsync();
        await gateway.ReadAsync(id, HttpMethod.Delete);
        await call.Aborted.Soon();
        using var gone = await gateway.AskAsync(id);
        await gone.AssertRefusedAsync(404, "not_found");
    }

    [Fact]
    public async Task It_needs_to_be_stored()
    {
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: Background + ",\"store\":false"));
        await answer.AssertRefusedAsync(400, param: "store");
    }

    [Fact]
    public async Task No_more_run_at_once_than_there_are_workers_and_all_are_done_in_the_end()
    {
        await using var small = await GatewayFixture.StartAsync(config => config with { Background = config.Background with { Workers = 3, PollSeconds = 60 } });
        var (now, most) = (0, 0);
        small.Dense.Play(async call =>
        {
            var running = Interlocked.Increment(ref now);
            InterlockedMax(ref most, running);
            await Task.Delay(5);
            Interlocked.Decrement(ref now);
            await Scripts.Completed("Hello")(call);
        });
        var ids = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 30), async (_, _) => ids.Add(IdOf(await small.CreateAsync(Background))));
        foreach (var id in ids) await small.UntilAsync(id, "completed");
        Assert.InRange(most, 1, 3);
        Assert.Equal(30, small.Dense.Calls.Count);
        Assert.Equal(30, small.Ledger.Rows().Select(r => r.ResponseId).Distinct().Count());
    }

    [Fact]
    public async Task Priority_goes_before_default_and_default_before_flex()
    {
        var order = await OrderAsync(
        [
            ("flex", TestKeys.Acme), ("flex", TestKeys.Acme), ("default", TestKeys.Acme), ("auto", TestKeys.Acme), ("priority", TestKeys.Acme), ("priority", TestKeys.Acme),
        ]);
        Assert.Equal([4, 5, 2, 3, 0, 1], order);
    }

    [Fact]
    public async Task A_tenant_with_much_work_does_not_hold_up_one_with_little()
    {
        // With two at once, each tenant gets one of them, whatever came first.
        var order = await OrderAsync([.. Enumerable.Repeat(("default", TestKeys.Acme), 6), ("default", TestKeys.Globex), ("default", TestKeys.Globex)], workers: 2);
        Assert.InRange(order.IndexOf(6), 0, 1);
        Assert.InRange(order.IndexOf(7), 1, 3);
    }

    /// <summary>Queues these behind running ones and gives the order in which they reach the model server.</summary>
    private static async Task<List<int>> OrderAsync((string Tier, string Key)[] requests, int workers = 1)
    {
        await using var busy = await GatewayFixture.StartAsync(config => config with { Background = config.Background with { Workers = workers } });
        var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var order = new ConcurrentQueue<int>();
        using var round = new Round(workers);
        busy.Dense.Play(async call =>
        {
            var n = call.Json.GetProperty("n").GetInt32();
            if (n < 0)
            {
                await free.Task;
            }
            else
            {
                order.Enqueue(n);
                await round.CompleteAsync();
            }

            await Scripts.Completed("Hello")(call);
        });
        for (var i = 0; i < workers; i++)
        {
            await busy.CreateAsync(Background + ",\"n\":-1");
            await busy.Dense.NextCallAsync();
        }

        var ids = new List<string>();
        for (var i = 0; i < requests.Length; i++)
            ids.Add(IdOf(await busy.CreateAsync($"{Background},\"n\":{i},\"service_tier\":\"{requests[i].Tier}\"", requests[i].Key)));
        Assert.Empty(order);
        free.SetResult();
        for (var began = DateTime.UtcNow; order.Count < requests.Length && DateTime.UtcNow - began < Patience.Long;) await Task.Delay(10);
        return [.. order];
    }

    /// <summary>Lets calls go on together, so many at a time: how long one of them takes then decides nothing.</summary>
    private sealed class Round(int size) : IDisposable
    {
        private readonly SemaphoreSlim _gone = new(0);
        private int _arrived;

        public Task CompleteAsync()
        {
            if (Interlocked.Increment(ref _arrived) % size == 0) _gone.Release(size);
            return _gone.WaitAsync().WaitAsync(Patience.Long);
        }

        public void Dispose() => _gone.Dispose();
    }

    /// <summary>Clients know no event for a cancel: the stream ends as an incomplete one whose response says cancelled (contract.md E.6).</summary>
    private static void AssertCancelled(IReadOnlyList<SseEvent> heard, string stored, int at)
    {
        Assert.Equal(["response.incomplete", ""], heard.TakeLast(2).Select(e => e.Name));
        Assert.Equal(stored, ResponseOf(heard[^2]));
        Assert.Equal(Enumerable.Range(0, at + 1), heard.SkipLast(1).Select(e => e.Json.GetProperty("sequence_number").GetInt32()));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            if (Interlocked.CompareExchange(ref most, value, seen) == seen) return;
        }
    }
}
