using System.Text.Json;
using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>
/// Promise: the client of a stored stream may go and come back within the grace time; only when it does not, its run is ended
/// and kept as incomplete. Time is the test's own.
/// </summary>
public sealed class LeavesRunsRunningTests : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly SseEvent[] Begun = [.. Transcript.Opening(), .. Transcript.Deltas("Hel", "lo")];

    private readonly FakeClock _clock = new();
    private readonly SteppedStream _model = new();
    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync()
    {
        _gateway = await GatewayFixture.StartAsync(
            config => config with
            {
                Pools = config.Pools.ToDictionary(p => p.Key, p => p.Value with { IdleTimeoutSeconds = 600 }),
                Tenants = config.Tenants.ToDictionary(t => t.Key, t => t.Value with
                {
                    Keys = t.Value.Keys.ToDictionary(k => k.Key, k => t.Key == "globex" ? k.Value with { DisconnectGraceSeconds = 3 } : k.Value),
                }),
            },
            _clock);
        _gateway.Dense.Play(_model.PlayAsync);
        _model.Say(Begun);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData(null, 15)]
    [InlineData("globex", 3)]
    public async Task A_run_without_a_reader_goes_on_for_the_grace_time_of_its_key_and_no_longer(string? tenant, int grace)
    {
        var key = tenant is null ? TestKeys.Acme : TestKeys.Globex;
        var (id, call) = await BeginAndLeaveAsync(key);
        var left = _clock.GetUtcNow();
        await _clock.AdvanceUntilAsync(call.Aborted, Step);
        Assert.InRange((_clock.GetUtcNow() - left).TotalSeconds, grace, grace + 10);

        await _gateway.Log.WaitForAsync(line => line.EventId == 1900);
        using var answer = await _gateway.AskAsync(id, key: key);
        var response = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("incomplete", response.GetProperty("status").GetString());
        Assert.Equal("client_disconnected", response.GetProperty("incomplete_details").GetProperty("reason").GetString());
        Assert.Equal("Hello", response.GetProperty("output_text").GetString());
        Assert.Equal("incomplete", response.GetProperty("output")[0].GetProperty("status").GetString());
        var row = Assert.Single(_gateway.Ledger.Rows());
        Assert.Equal((id, 2, true), (row.ResponseId, row.OutputTokens, row.Estimated));
    }

    [Fact]
    public async Task Just_before_the_grace_time_is_over_the_run_is_still_there_and_then_completes()
    {
        var (id, call) = await BeginAndLeaveAsync();
        for (var i = 0; i < 14; i++) _clock.Advance(Step);
        _model.End(Transcript.Closing("Hello", 6));
        var stored = await _gateway.UntilAsync(id, "completed");
        Assert.Equal("Hello", stored.GetProperty("output_text").GetString());
        Assert.Equal("Finished", (await _gateway.Log.WaitForAsync(line => line.EventId == 1900)).Values["End"]?.ToString());
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.False(call.Aborted.IsCompleted);
    }

    [Fact]
    public async Task A_reader_that_comes_back_within_the_grace_time_keeps_the_run_alive()
    {
        var (id, call) = await BeginAndLeaveAsync();
        for (var i = 0; i < 14; i++) _clock.Advance(Step);
        using var back = await _gateway.FollowAsync(id, "&starting_after=4");
        await back.UntilAsync("\"lo\"");
        for (var i = 0; i < 60; i++) _clock.Advance(Step);
        Assert.False(call.Aborted.IsCompleted);

        _model.End(Transcript.Closing("Hello", 6));
        Assert.Contains("response.completed", await back.EndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_grace_time_begins_when_the_last_of_many_readers_has_left()
    {
        using var first = await _gateway.BeginAsync();
        await first.UntilAsync("\"lo\"");
        var id = first.Id;
        var call = await _gateway.Dense.NextCallAsync();
        using var second = await _gateway.FollowAsync(id);
        await second.UntilAsync("\"lo\"");
        first.Dispose();
        for (var i = 0; i < 60; i++) _clock.Advance(Step);
        Assert.False(call.Aborted.IsCompleted);

        second.Dispose();
        await _clock.AdvanceUntilAsync(call.Aborted, Step);
        await _gateway.UntilAsync(id, "incomplete");
    }

    [Fact]
    public async Task Without_a_grace_time_a_stored_run_ends_with_its_connection()
    {
        await using var strict = await GatewayFixture.StartAsync(config => config with { Stores = config.Stores with { DisconnectGraceSeconds = 0 } });
        strict.Dense.Play(Scripts.StreamThenSilence(Begun));
        using var stream = await strict.BeginAsync();
        await stream.UntilAsync("\"lo\"");
        var id = stream.Id;
        stream.Dispose();
        await (await strict.Dense.NextCallAsync()).Aborted.Soon();
        await strict.UntilAsync(id, "incomplete");
    }

    [Fact]
    public async Task What_is_not_kept_is_cut_at_once()
    {
        using var stream = await _gateway.BeginAsync("\"store\":false");
        await stream.UntilAsync("\"lo\"");
        stream.Dispose();
        await (await _gateway.Dense.NextCallAsync()).Aborted.Soon();
    }

    [Fact]
    public async Task A_reader_that_stalls_is_cut_off_and_the_run_goes_on_without_it()
    {
        var deltas = Enumerable.Range(0, 100).Select(i => new string((char)('a' + (i % 26)), 60_000)).ToArray();
        using var raw = await RawHttp.ConnectAsync(_gateway.Port, receiveBuffer: 4096);
        var body = GatewayFixture.Hello(stream: true);
        await raw.SendAsync($"POST /api/v1/llm/responses HTTP/1.1\r\nHost: edge\r\nx-request-id: stalled\r\nAuthorization: Bearer {TestKeys.Acme}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        for (var i = 0; i < deltas.Length; i++) _model.Say(Transcript.Delta(deltas[i], 6 + i));
        _model.End(Transcript.Closing("Hello" + string.Concat(deltas), 6 + deltas.Length));

        // Its client has read next to nothing, and the run is over all the same.
        var line = await _gateway.SettledAsync("stalled");
        Assert.Equal("Finished", line.Values["End"]?.ToString());
        await _clock.AdvanceUntilAsync(_gateway.Log.WaitForAsync(l => l.EventId == 1000), Step);
        Assert.Contains(deltas[^1], await _gateway.ReadAsync((string)line.Values["ResponseId"]!), StringComparison.Ordinal);
    }

    private async Task<(string Id, UpstreamCall Call)> BeginAndLeaveAsync(string? key = null)
    {
        using var stream = await _gateway.BeginAsync(key: key);
        await stream.UntilAsync("\"lo\"");
        var id = stream.Id;
        var call = await _gateway.Dense.NextCallAsync();
        stream.Dispose();

        // The clock must not move before the gateway has seen its client leave.
        await _gateway.Log.WaitForAsync(line => line.EventId == 1000);
        return (id, call);
    }
}
