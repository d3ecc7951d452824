using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>
/// Promise: when the client of an answer that is not kept goes away, its model server is let go at once, and what was generated
/// is settled. The same holds for any whole JSON answer: nobody can come back for it.
/// </summary>
public sealed class LetsGoWhenClientsLeaveTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    public static TheoryData<string> Departures => ["finish", "reset"];

    [Theory]
    [MemberData(nameof(Departures))]
    public async Task In_the_middle_of_a_stream(string how)
    {
        gateway.Dense.Play(Scripts.StreamThenSilence([.. Transcript.Opening(), .. Transcript.Deltas("Hel", "lo")]));
        using var raw = await RawHttp.ConnectAsync(gateway.Port);
        await raw.SendAsync(Request(stream: true, "mid-" + how));
        await raw.ReadUntilAsync("\"lo\"");
        Leave(raw, how);

        await (await gateway.Dense.NextCallAsync()).Aborted.Soon();
        await AssertSettledAsync("mid-" + how, deltas: 2);
    }

    [Theory]
    [MemberData(nameof(Departures))]
    public async Task Before_the_first_event(string how)
    {
        gateway.Dense.Play(Scripts.Silence);
        using var raw = await RawHttp.ConnectAsync(gateway.Port);
        await raw.SendAsync(Request(stream: true, "early-" + how));
        var call = await gateway.Dense.NextCallAsync();
        Leave(raw, how);
        await call.Aborted.Soon();
        await AssertSettledAsync("early-" + how, deltas: 0);
    }

    [Theory]
    [InlineData("finish", false)]
    [InlineData("reset", false)]
    [InlineData("finish", true)]
    [InlineData("reset", true)]
    public async Task While_waiting_for_JSON(string how, bool store)
    {
        gateway.Dense.Play(Scripts.Silence);
        using var raw = await RawHttp.ConnectAsync(gateway.Port);
        await raw.SendAsync(Request(stream: false, $"json-{how}-{store}", store));
        var call = await gateway.Dense.NextCallAsync();
        Leave(raw, how);
        await call.Aborted.Soon();
        await AssertSettledAsync($"json-{how}-{store}", deltas: 0);
    }

    [Fact]
    public async Task While_a_JSON_answer_is_half_here()
    {
        gateway.Dense.Play(async call =>
        {
            await call.StartAsync("application/json");
            await call.ChunkAsync("{\"status\":");
            await call.HoldAsync();
        });
        using var raw = await RawHttp.ConnectAsync(gateway.Port);
        await raw.SendAsync(Request(stream: false, "json-half"));
        var call = await gateway.Dense.NextCallAsync();
        Leave(raw, "reset");
        await call.Aborted.Soon();
        await AssertSettledAsync("json-half", deltas: 0);
    }

    [Fact]
    public async Task A_client_that_leaves_while_it_sends_its_body_leaves_no_error_and_reaches_nobody()
    {
        foreach (var how in (string[])["finish", "reset"])
        {
            var before = gateway.UpstreamCalls;
            using var raw = await RawHttp.ConnectAsync(gateway.Port);

            // The interim answer comes when the gateway begins to read the body.
            await raw.SendAsync(Request(stream: true, "upload-" + how).Replace("Host: edge\r\n", "Host: edge\r\nExpect: 100-continue\r\n", StringComparison.Ordinal)[..^10]);
            await raw.ReadUntilAsync("100 Continue");
            Leave(raw, how);
            await gateway.SettledAsync("upload-" + how);
            Assert.Equal(before, gateway.UpstreamCalls);
        }

        Assert.DoesNotContain(gateway.Log.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task A_hundred_clients_leaving_at_random_leave_nothing_behind()
    {
        gateway.Dense.Play(Scripts.StreamThenSilence([.. Transcript.Opening(), .. Transcript.Deltas("a")]));
        var random = new Random(7);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            using var raw = await RawHttp.ConnectAsync(gateway.Port);
            await raw.SendAsync(Request(stream: true, $"crowd-{i}"));
            var patience = random.Next(3);
            if (patience > 0) await raw.ReadUntilAsync(patience == 1 ? "response.created" : "\"a\"");
            raw.Reset();
        }));
        foreach (var call in gateway.Dense.Calls) await call.Aborted.Soon();
    }

    [Fact]
    public async Task A_client_that_stops_reading_is_cut_off_and_its_model_server_is_let_go()
    {
        var clock = new FakeClock();
        await using var stalling = await GatewayFixture.StartAsync(config => config, clock);
        var padding = new string('x', 60_000);
        stalling.Dense.Play(async call =>
        {
            await call.StartAsync();
            foreach (var e in Transcript.Opening()) await call.ChunkAsync(e.ToString());
            for (var i = 0; !call.Aborted.IsCompleted; i++) await call.ChunkAsync(Transcript.Delta(padding, 4 + i).ToString());
        });
        using var raw = await RawHttp.ConnectAsync(stalling.Port, receiveBuffer: 4096);
        var body = GatewayFixture.Hello(stream: true, extra: "\"store\":false");
        await raw.SendAsync($"POST /api/v1/llm/responses HTTP/1.1\r\nHost: edge\r\nx-request-id: stalled\r\nAuthorization: Bearer {TestKeys.Acme}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var call = await stalling.Dense.NextCallAsync();
        await clock.AdvanceUntilAsync(call.Aborted, TimeSpan.FromSeconds(1));

        Assert.Equal("ClientStalled", (await stalling.SettledAsync("stalled")).Values["End"]?.ToString());
        var row = Assert.Single(stalling.Ledger.Rows());
        Assert.True(row is { Estimated: true, OutputTokens: > 0 });
    }

    private static void Leave(RawHttp raw, string how)
    {
        if (how == "finish") raw.Dispose();
        else raw.Reset();
    }

    private static string Request(bool stream, string id, bool store = false)
    {
        var body = GatewayFixture.Hello(stream: stream, extra: store ? "\"store\":true" : "\"store\":false");
        return $"POST /api/v1/llm/responses HTTP/1.1\r\nHost: edge\r\nx-request-id: {id}\r\nAuthorization: Bearer {TestKeys.Acme}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }

    private async Task AssertSettledAsync(string id, long deltas)
    {
        var line = await gateway.SettledAsync(id);
        Assert.Equal("ClientDisconnected", line.Values["End"]?.ToString());
        var row = Assert.Single(gateway.Ledger.Rows(), r => r.ResponseId == (string)line.Values["ResponseId"]!);
        Assert.Equal((deltas, true), (row.OutputTokens, row.Estimated));
        Assert.True(row.InputTokens > 0, "The model server has read the input.");
    }
}
