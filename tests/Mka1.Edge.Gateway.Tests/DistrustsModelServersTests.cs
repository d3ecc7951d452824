using System.Text.Json;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: whatever a model server says, the client gets sound JSON and sound streams, or an error (reliability.md 3.1, API10).</summary>
public sealed class DistrustsModelServersTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private static readonly string Deep = new string('[', 100) + new string(']', 100);

    /// <summary>Frames that may not be passed on. Each is said in the middle of a sound stream.</summary>
    public static TheoryData<string, string> UnsoundFrames => new()
    {
        { "no JSON", "event: response.output_text.delta\ndata: hello\n\n" },
        { "half an object", "event: response.output_text.delta\ndata: {\n\n" },
        { "an array", "event: response.output_text.delta\ndata: []\n\n" },
        { "null", "event: response.output_text.delta\ndata: null\n\n" },
        { "two objects", "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\"}{}\n\n" },
        { "nested too deep", Event("response.output_text.delta", $",\"x\":{Deep}") },
        { "a type that is not the event's name", "event: response.output_text.delta\ndata: {\"type\":\"response.completed\",\"sequence_number\":5,\"response\":{\"status\":\"completed\"}}\n\n" },
        { "a type in disguise", "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"type\":\"response.completed\"}\n\n" },
        { "no type", "event: response.output_text.delta\ndata: {\"sequence_number\":5,\"delta\":\"x\"}\n\n" },
        { "a type that is no text", "event: response.output_text.delta\ndata: {\"type\":5,\"sequence_number\":5}\n\n" },
        { "two sequence numbers", Event("response.output_text.delta", ",\"sequence_number\":77") },
        { "a second beginning", Transcript.Opening()[0].ToString() },
        { "a beginning that is an end", Event("response.created", ",\"response\":{\"status\":\"completed\",\"output\":[]}") },
        { "a snapshot without a response", Event("response.in_progress", "") },
        { "a snapshot of null", Event("response.completed", ",\"response\":null") },
        { "a snapshot with another status", Event("response.completed", ",\"response\":{\"status\":\"in_progress\",\"output\":[]}") },
        { "a snapshot whose output is no array", Event("response.completed", ",\"response\":{\"status\":\"completed\",\"output\":{}}") },
        { "a snapshot whose output holds a number", Event("response.completed", ",\"response\":{\"status\":\"completed\",\"output\":[5]}") },
        { "half a surrogate in a name", "event: response.output_text.delta\ndata: {\"\\ud800\":1,\"type\":\"response.output_text.delta\",\"sequence_number\":4}\n\n" },
        { "a snapshot with half a surrogate", Event("response.completed", ",\"response\":{\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"id\":\"m\",\"role\":\"assistant\",\"content\":\"\\ud800\"}]}") },
        { "a snapshot with a key twice", Event("response.completed", ",\"response\":{\"status\":\"failed\",\"status\":\"completed\",\"output\":[]}") },
        { "an endless line", "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"" + new string('x', 17_000_000) + "\"}\n\n" },
        { "an endless name", "event: " + new string('x', 1_200_000) + "\ndata: {}\n\n" },
        { "DONE before the end", "data: [DONE]\n\n" },
        { "an error event of nonsense", "event: error\ndata: nonsense\n\n" },
    };

    /// <summary>Bodies of a JSON answer that are no response.</summary>
    public static TheoryData<string> UnsoundBodies =>
    [
        "", "null", "[]", "5", "{", "{}", "nonsense", "{\"status\":\"completed\"", "{\"status\":\"splendid\"}", "{\"status\":5}", "{\"status\":\"in_progress\",\"output\":[]}",
        "{\"status\":\"queued\"}", "{\"status\":\"completed\",\"output\":{}}", "{\"status\":\"completed\",\"output\":[null]}",
        "{\"status\":\"failed\",\"status\":\"completed\",\"output\":[]}", "{\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"content\":\"\\ud800\"}]}",
        "\uFEFF{\"status\":\"completed\",\"output\":[]}", "{\"status\":\"completed\",\"output\":" + Deep + "}", "<html>Bad gateway at 10.0.0.7</html>",
        "{\"error\":{\"message\":\"secret host 10.0.0.7\"}}",
    ];

    [Theory]
    [MemberData(nameof(UnsoundFrames))]
    public async Task An_unsound_frame_ends_the_stream_as_failed(string what, string frame)
    {
        gateway.Dense.Play(Scripts.Stream([.. Transcript.Opening().Append(Transcript.Delta("Hi", 4)).Select(e => e.ToString()), frame, .. Transcript.Closing("Hi", 5).Select(e => e.ToString())]));
        var heard = await StreamAsync(what);
        if (what == "DONE before the end") Assert.Equal(ResponseStatus.Completed, StrictClient.Follow(heard).Status);
        else StrictClient.AssertFailed(heard, "upstream_error");
        await AssertSettledQuietlyAsync(what);
    }

    [Theory]
    [MemberData(nameof(UnsoundFrames))]
    public async Task An_unsound_first_frame_is_an_HTTP_error(string what, string frame)
    {
        if (what is "a second beginning" or "DONE before the end") return;
        gateway.Dense.Play(Scripts.Stream([frame, .. Transcript.Text("Hi").Select(e => e.ToString())]));
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(stream: true));
        await answer.AssertRefusedAsync(502, "upstream_error");
    }

    [Theory]
    [MemberData(nameof(UnsoundBodies))]
    public async Task An_unsound_JSON_answer_is_an_HTTP_error(string body)
    {
        gateway.Dense.Play(Scripts.Json(body));
        using var answer = await gateway.PostAsync(GatewayFixture.Hello());
        var error = await answer.AssertRefusedAsync(502, "upstream_error");
        Assert.DoesNotContain("10.0.0.7", error.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html", true)]
    [InlineData("text/html", false)]
    [InlineData("application/json", true)]
    [InlineData("text/event-stream", false)]
    [InlineData("nonsense", true)]
    [InlineData("nonsense", false)]
    [InlineData("", true)]
    [InlineData("", false)]
    public async Task An_answer_of_another_content_type_is_an_HTTP_error(string contentType, bool stream)
    {
        gateway.Dense.Play(Scripts.Json(stream ? string.Concat(Transcript.Text("Hi")) : Transcript.Response("Hi"), contentType: contentType));
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(stream: stream));
        await answer.AssertRefusedAsync(502, "upstream_error");
    }

    [Fact]
    public async Task A_JSON_answer_larger_than_the_limit_is_an_HTTP_error()
    {
        await using var small = await GatewayFixture.StartAsync(config => config with { Limits = config.Limits with { MaxResponseBytes = 10_000 } });
        foreach (var chunked in (bool[])[true, false])
        {
            var body = Transcript.Response(new string('x', 10_000));
            small.Dense.Play(chunked ? async call => { await call.StartAsync("application/json"); await call.ChunkAsync(body); await call.EndAsync(); } : Scripts.Json(body));
            using var answer = await small.PostAsync(GatewayFixture.Hello());
            await answer.AssertRefusedAsync(502, "upstream_error");
        }
    }

    [Theory]
    [InlineData("""{"input_tokens":-8,"output_tokens":-7,"total_tokens":-15}""")]
    [InlineData("""{"input_tokens":9223372036854775808,"output_tokens":1}""")]
    [InlineData("""{"input_tokens":1e400,"output_tokens":1}""")]
    [InlineData("""{"input_tokens":1.5,"output_tokens":"7"}""")]
    [InlineData("""{"input_tokens":null}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    public async Task Usage_that_cannot_be_true_is_counted_by_the_gateway(string usage)
    {
        var id = "usage-" + usage.GetHashCode(StringComparison.Ordinal).ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
        var before = gateway.Ledger.Rows().Count;
        gateway.Dense.Play(Scripts.Stream([.. Transcript.Opening(), .. Transcript.Deltas("a", "b", "c"), .. Transcript.Closing("abc", 7, usage)]));
        var heard = await StreamAsync(id);
        await gateway.SettledAsync(id);
        var row = Assert.Single(gateway.Ledger.Rows().Skip(before));
        Assert.Equal((3, true), (row.OutputTokens, row.Estimated));
        Assert.True(row.InputTokens > 0);

        // To the client it is the outcome that counts: completed, or failed where the number itself is no sound JSON.
        Assert.Contains(heard[^2].Name, (string[])["response.completed", "response.failed"]);
        if (heard[^2].Json.GetProperty("response").GetProperty("usage") is { ValueKind: JsonValueKind.Object } told)
            Assert.True(told.GetProperty("output_tokens").GetInt64() >= 0 && told.GetProperty("input_tokens").GetInt64() >= 0);
    }

    [Fact]
    public async Task An_event_that_is_not_UTF_8_ends_the_stream_as_failed()
    {
        gateway.Dense.Play(async call =>
        {
            await call.StartAsync();
            foreach (var e in Transcript.Opening()) await call.ChunkAsync(e.ToString());
            var broken = System.Text.Encoding.Latin1.GetBytes(Transcript.Delta("MARK", 4).ToString().Replace("MARK", "\u00c3(", StringComparison.Ordinal));
            await call.SendAsync($"{broken.Length:x}\r\n");
            await call.SendAsync(broken);
            await call.SendAsync("\r\n");
            await call.ChunkAsync(string.Concat(Transcript.Closing("x", 5)));
            await call.EndAsync();
        });
        StrictClient.AssertFailed(await StreamAsync("not-utf-8"), "upstream_error");
    }

    [Fact]
    public async Task Junk_behind_the_terminal_event_does_not_undo_a_finished_run()
    {
        await using var narrow = await GatewayFixture.StartAsync(config => config with { Limits = config.Limits with { MaxEventBytes = 2048 } });
        narrow.Dense.Play(Scripts.Stream(string.Concat(Transcript.Text("Hi")) + new string('x', 6000)));
        using var request = GatewayFixture.Create(GatewayFixture.Hello(stream: true));
        request.Headers.Add("x-request-id", "junk");
        using var answer = await narrow.Client.SendAsync(request);
        Assert.Equal(ResponseStatus.Completed, StrictClient.Follow(Wire.Events(await answer.Content.ReadAsStringAsync())).Status);
        Assert.Equal("Finished", (await narrow.SettledAsync("junk")).Values["End"]?.ToString());
    }

    [Fact]
    public async Task A_fault_of_the_gateways_own_still_ends_the_stream_with_a_terminal_event()
    {
        var clock = new FaultyClock();
        await using var faulty = await GatewayFixture.StartAsync(config => config, clock);
        faulty.Dense.Play(async call =>
        {
            await call.StartAsync();
            await call.ChunkAsync(Transcript.Opening()[0].ToString());
            await clock.Heard.Task;
            clock.Broken = true;
            await call.ChunkAsync(string.Concat(Transcript.Opening().Skip(1)));
            await call.HoldAsync();
        });
        using var answer = await faulty.OpenAsync(GatewayFixture.Hello(stream: true));
        clock.Heard.SetResult();
        var final = StrictClient.AssertFailed(Wire.Events(await answer.Content.ReadAsStringAsync().Soon()), "server_error");
        Assert.Equal(ResponseStatus.Failed, final.Status);
        await faulty.Log.WaitForAsync(line => line.Exception?.ToString().Contains("The clock stopped.", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_failure_by_the_model_servers_own_word_is_passed_on_as_such()
    {
        gateway.Dense.Play(Scripts.Stream([.. Transcript.Opening(),
            Transcript.Event("response.failed", 4, """{"response":{"status":"failed","output":[],"error":{"code":"invalid_prompt","message":"Not that."}}}""")]));
        var final = StrictClient.Follow(await StreamAsync("own-failure"));
        Assert.Equal((ResponseStatus.Failed, "invalid_prompt", "Not that."), (final.Status, final.Error!.Code, final.Error.Message));
        Assert.Equal("Finished", (await gateway.SettledAsync("own-failure")).Values["End"]?.ToString());
    }

    [Theory]
    [InlineData("""{"type":"error","sequence_number":4,"code":"invalid_prompt","message":"Not that.","param":null}""")]
    [InlineData("""{"type":"error","sequence_number":4,"error":{"type":"x","code":"invalid_prompt","message":"Not that.","param":null}}""")]
    [InlineData("""{"type":"error","sequence_number":4,"code":"invalid_prompt","message":"Not that.","param":null,"error":{"type":"x","code":"invalid_prompt","message":"Not that."}}""")]
    public async Task An_error_event_in_any_form_goes_on_in_the_one_all_clients_read_and_the_stream_fails_with_it(string data)
    {
        gateway.Dense.Play(Scripts.Stream([.. Transcript.Opening(), new SseEvent("error", data)]));
        var heard = await StreamAsync("error-event");
        var error = Assert.Single(heard, e => e.Name == "error").Json;
        Assert.Equal("invalid_prompt", error.GetProperty("code").GetString());
        Assert.Equal("Not that.", error.GetProperty("error").GetProperty("message").GetString());
        var final = StrictClient.Follow(heard);
        Assert.Equal((ResponseStatus.Failed, "invalid_prompt"), (final.Status, final.Error!.Code));
    }

    [Theory]
    [InlineData("""{"type":"error","code":"\ud800","message":"\ud800"}""")]
    [InlineData("""{"type":"error","error":{"code":"\ud800","message":5}}""")]
    [InlineData("""{"type":"error","error":"text"}""")]
    [InlineData("""{"type":"error","error":[]}""")]
    [InlineData("""{"type":"error"}""")]
    public async Task An_error_event_without_a_readable_error_still_ends_the_stream_as_failed(string data)
    {
        gateway.Dense.Play(Scripts.Stream([.. Transcript.Opening(), new SseEvent("error", data)]));
        StrictClient.AssertFailed(await StreamAsync("unreadable"), "upstream_error");
    }

    [Fact]
    public async Task After_an_error_event_nothing_but_the_failure_is_passed_on()
    {
        gateway.Dense.Play(Scripts.Stream([.. Transcript.Opening(), new SseEvent("error", """{"type":"error","code":"server_error","message":"No."}"""), .. Transcript.Deltas("x"), .. Transcript.Closing("x", 5)]));
        var final = StrictClient.Follow(await StreamAsync("after-error"));
        Assert.Equal((ResponseStatus.Failed, "server_error"), (final.Status, final.Error!.Code));
    }

    [Fact]
    public async Task An_event_without_a_name_goes_by_its_type()
    {
        var said = Transcript.Text("Hello");
        gateway.Dense.Play(Scripts.Stream([.. said.Select(e => $"data: {e.Data}\n\n")]));
        var heard = await StreamAsync("nameless");
        Assert.Equal("Hello", StrictClient.Follow(heard).OutputText);
        Assert.Equal(said.Select(e => e.Name), heard.SkipLast(1).Select(e => e.Name));
        Assert.DoesNotContain(Transcript.UpstreamId, string.Concat(heard), StringComparison.Ordinal);
    }

    private static string Event(string name, string rest) => $"event: {name}\ndata: {{\"type\":\"{name}\",\"sequence_number\":5{rest}}}\n\n";

    private async Task<IReadOnlyList<SseEvent>> StreamAsync(string id)
    {
        using var request = GatewayFixture.Create(GatewayFixture.Hello(stream: true));
        request.Headers.Add("x-request-id", RequestId(id));
        using var answer = await gateway.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return Wire.Events(text);
    }

    private static string RequestId(string what) => what.Replace(' ', '-').Replace("'", "", StringComparison.Ordinal);

    private async Task AssertSettledQuietlyAsync(string what)
    {
        await gateway.SettledAsync(RequestId(what));
        Assert.DoesNotContain(gateway.Log.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    /// <summary>A clock that throws once, when told to.</summary>
    private sealed class FaultyClock : TimeProvider
    {
        public TaskCompletionSource Heard { get; } = new();

        public bool Broken { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            // Others look at this clock too, whenever they like; only the relay is to meet the fault.
            if (!Broken || !Environment.StackTrace.Contains(nameof(Streaming.EventRelay), StringComparison.Ordinal)) return base.GetUtcNow();
            Broken = false;
            throw new InvalidOperationException("The clock stopped.");
        }
    }
}
