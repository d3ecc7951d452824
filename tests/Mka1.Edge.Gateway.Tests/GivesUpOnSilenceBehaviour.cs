using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>
/// Promise: a model server that says nothing is given up when its time is over, and a client that hears nothing is told that
/// its stream is alive. Time is the test's own: nothing here waits for a real second.
/// </summary>
public abstract class GivesUpOnSilenceBehaviour(bool store) : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly string _store = store ? "\"store\":true" : "\"store\":false";
    private readonly FakeClock _clock = new();
    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync(
        config => config with
        {
            Pools = config.Pools.ToDictionary(p => p.Key, p => p.Value with { FirstByteTimeoutSeconds = 50, FirstTokenTimeoutSeconds = 50, IdleTimeoutSeconds = 20 }),
            Limits = config.Limits with { KeepAliveSeconds = 5 },
        },
        _clock);

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_answer_in_time_is_504_and_the_model_server_is_let_go(bool stream)
    {
        _gateway.Dense.Play(Scripts.Silence);
        var began = _clock.GetUtcNow();
        var answering = _gateway.PostAsync(GatewayFixture.Hello(stream: stream, extra: _store));
        var call = await _gateway.Dense.NextCallAsync();
        await _clock.AdvanceUntilAsync(answering, Step);

        using var answer = await answering;
        var error = await answer.AssertRefusedAsync(504, "upstream_timeout");
        Assert.Contains("50 s", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.True(_clock.GetUtcNow() - began >= TimeSpan.FromSeconds(50));
        await call.Aborted.Soon();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Headers_and_then_silence_are_504_as_well(bool stream)
    {
        _gateway.Dense.Play(async call =>
        {
            await call.StartAsync(stream ? "text/event-stream" : "application/json");
            await call.HoldAsync();
        });
        var answering = _gateway.PostAsync(GatewayFixture.Hello(stream: stream, extra: _store));
        var call = await _gateway.Dense.NextCallAsync();
        await _clock.AdvanceUntilAsync(answering, Step);
        using var answer = await answering;
        await answer.AssertRefusedAsync(504, "upstream_timeout");
        await call.Aborted.Soon();
    }

    [Fact]
    public async Task A_stream_that_falls_silent_fails_with_a_terminal_event()
    {
        _gateway.Dense.Play(Scripts.StreamThenSilence([.. Transcript.Opening(), .. Transcript.Deltas("Hel", "lo")]));
        using var request = GatewayFixture.Create(GatewayFixture.Hello(stream: true, extra: _store));
        request.Headers.Add("x-request-id", "silent");
        using var answer = await _gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var call = await _gateway.Dense.NextCallAsync();
        var reading = answer.Content.ReadAsStringAsync();
        await _clock.AdvanceUntilAsync(reading, Step);

        var heard = Wire.Events(await reading);
        var final = StrictClient.AssertFailed(heard, "upstream_timeout");
        var item = Assert.IsType<MessageItem>(Assert.Single(final.Output));
        Assert.Equal((ItemStatus.Incomplete, "Hello"), (item.Status, final.OutputText));
        Assert.Equal(2, heard.Count(e => e.Name.EndsWith(".delta", StringComparison.Ordinal)));
        await call.Aborted.Soon();

        Assert.Equal("UpstreamTimeout", (await _gateway.SettledAsync("silent")).Values["End"]?.ToString());
        var row = Assert.Single(_gateway.Ledger.Rows());
        Assert.Equal((2, true), (row.OutputTokens, row.Estimated));
    }

    [Fact]
    public async Task What_was_finished_before_the_silence_stands_in_the_failed_response()
    {
        _gateway.Dense.Play(Scripts.StreamThenSilence(Transcript.Text("Hello").SkipLast(1)));
        using var answer = await _gateway.OpenAsync(GatewayFixture.Hello(stream: true, extra: _store));
        var reading = answer.Content.ReadAsStringAsync();
        await _clock.AdvanceUntilAsync(reading, Step);
        var final = StrictClient.AssertFailed(Wire.Events(await reading), "upstream_timeout");
        Assert.Equal("Hello", final.OutputText);
    }

    [Fact]
    public async Task Comments_keep_a_silent_stream_alive_and_the_model_goes_on_when_it_speaks_again()
    {
        var speak = new TaskCompletionSource();
        _gateway.Dense.Play(async call =>
        {
            await call.StartAsync();
            foreach (var e in Transcript.Opening()) await call.ChunkAsync(e.ToString());
            await speak.Task;
            await call.ChunkAsync(Transcript.Delta("Hello", 4) + string.Concat(Transcript.Closing("Hello", 5)));
            await call.EndAsync();
        });
        using var raw = await RawHttp.ConnectAsync(_gateway.Port);
        var body = GatewayFixture.Hello(stream: true, extra: _store);
        await raw.SendAsync($"POST /api/v1/llm/responses HTTP/1.1\r\nHost: edge\r\nConnection: close\r\nAuthorization: Bearer {TestKeys.Acme}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await raw.ReadUntilAsync("response.content_part.added");
        var commented = raw.ReadUntilAsync(": keep-alive\n\n");
        await _clock.AdvanceUntilAsync(commented, Step);
        await commented;

        speak.SetResult();
        var rest = await raw.ReadToEndAsync();
        Assert.Contains("response.completed", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_servers_own_comments_do_not_stand_in_for_the_clients()
    {
        var heard = new TaskCompletionSource();
        _gateway.Dense.Play(async call =>
        {
            await call.StartAsync();
            foreach (var e in Transcript.Opening()) await call.ChunkAsync(e.ToString());
            while (!heard.Task.IsCompleted)
            {
                // More often than the gateway's own interval, so that it never sees five seconds of silence.
                await call.ChunkAsync(": still here\n\n");
                await Task.WhenAny(heard.Task, Task.Delay(TimeSpan.FromSeconds(2), _clock));
            }

            await call.ChunkAsync(string.Concat(Transcript.Closing("", 4)));
            await call.EndAsync();
        });
        using var raw = await RawHttp.ConnectAsync(_gateway.Port);
        var body = GatewayFixture.Hello(stream: true, extra: _store);
        await raw.SendAsync($"POST /api/v1/llm/responses HTTP/1.1\r\nHost: edge\r\nConnection: close\r\nAuthorization: Bearer {TestKeys.Acme}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await raw.ReadUntilAsync("response.content_part.added");
        var commented = raw.ReadUntilAsync(": keep-alive\n\n");
        await _clock.AdvanceUntilAsync(commented, Step);
        heard.SetResult();
        await raw.ReadToEndAsync();
    }

    [Fact]
    public async Task A_slow_but_living_stream_is_never_given_up()
    {
        // Ten pauses of ten seconds: more than either limit in all, less than the limit each.
        var next = new SemaphoreSlim(0);
        _gateway.Dense.Play(async call =>
        {
            await call.StartAsync();
            foreach (var e in Transcript.Opening()) await call.ChunkAsync(e.ToString());
            for (var i = 0; i < 10; i++)
            {
                await next.WaitAsync();
                await call.ChunkAsync(Transcript.Delta($"{i}", 4 + i).ToString());
            }

            await call.ChunkAsync(string.Concat(Transcript.Closing("0123456789", 14)));
            await call.EndAsync();
        });
        using var answer = await _gateway.OpenAsync(GatewayFixture.Hello(stream: true, extra: _store));
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var text = "";
        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            next.Release();
            while (!text.Contains($"\"delta\":\"{i}\"", StringComparison.Ordinal)) text += await reader.ReadLineAsync().Soon() + "\n";
        }

        text += await reader.ReadToEndAsync().Soon();
        Assert.Equal(ResponseStatus.Completed, StrictClient.Follow(Wire.Events(text)).Status);
    }

    [Fact]
    public async Task Silence_alone_starts_no_stream()
    {
        // Before the first event a status can still be sent, so no comment may go out.
        _gateway.Dense.Play(async call =>
        {
            await call.StartAsync();
            await call.HoldAsync();
        });
        using var raw = await RawHttp.ConnectAsync(_gateway.Port);
        var body = GatewayFixture.Hello(stream: true, extra: _store);
        await raw.SendAsync($"POST /api/v1/llm/responses HTTP/1.1\r\nHost: edge\r\nConnection: close\r\nAuthorization: Bearer {TestKeys.Acme}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var all = raw.ReadToEndAsync();
        await _gateway.Dense.NextCallAsync();
        await _clock.AdvanceUntilAsync(all, Step);
        Assert.StartsWith("HTTP/1.1 504", await all, StringComparison.Ordinal);
        Assert.DoesNotContain("keep-alive\n", await all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_json_answer_is_cut_off_too()
    {
        // Before all of it is made the clock stands still: it is the client's time that is to run out.
        var sent = new TaskCompletionSource();
        _gateway.Dense.Play(async call =>
        {
            await Scripts.Completed(new string('x', 20_000_000))(call);
            sent.SetResult();
        });
        using var raw = await RawHttp.ConnectAsync(_gateway.Port, receiveBuffer: 4096);
        var body = GatewayFixture.Hello(stream: false, extra: _store);
        await raw.SendAsync($"POST /api/v1/llm/responses HTTP/1.1\r\nHost: edge\r\nx-request-id: unread\r\nAuthorization: Bearer {TestKeys.Acme}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var settled = _gateway.SettledAsync("unread");
        await sent.Task.Soon();
        await _clock.AdvanceUntilAsync(settled, Step);
        Assert.Equal("ClientStalled", (await settled).Values["End"]?.ToString());
    }
}
