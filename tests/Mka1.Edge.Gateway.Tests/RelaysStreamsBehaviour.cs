using System.Text;
using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>
/// Promise: a stream comes through as it was said, under the gateway's own envelope, and as soon as it is said, whether it is
/// kept or not.
/// </summary>
public abstract class RelaysStreamsBehaviour(GatewayFixture gateway, bool store) : IClassFixture<GatewayFixture>
{
    private readonly string _store = store ? "\"store\":true" : "\"store\":false";

    private static readonly string[] Snapshots = ["response.created", "response.queued", "response.in_progress", "response.completed", "response.incomplete", "response.failed"];

    [Fact]
    public async Task Every_event_comes_through_in_order_and_the_stream_ends_with_one_DONE()
    {
        var said = Transcript.Text("Hel", "lo");
        gateway.Dense.Play(Scripts.Stream(said));
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(stream: true, extra: _store));
        var text = await answer.Content.ReadAsStringAsync();
        var heard = Wire.Events(text);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal([.. said.Select(e => e.Name), ""], heard.Select(e => e.Name));
        Assert.Equal("[DONE]", heard[^1].Data);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        StrictClient.Follow(heard);
    }

    [Fact]
    public async Task Events_without_a_snapshot_keep_every_byte()
    {
        // Odd spacing, odd number spelling, unknown fields, escapes that need not be: nothing of it is the gateway's business.
        SseEvent[] odd =
        [
            .. Transcript.Opening(),
            new("response.output_text.delta", """{ "type" : "response.output_text.delta" ,"sequence_number":4,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"\u0048\/ \ud83d\ude00 😀","logprobs":[],"obfuscation":"xY","n":1.50e+1,"deep":{"a":[1,{"b":null}]}}"""),
            Transcript.Event("mka1:progress", 5, """{"percent":50.0}"""),
            Transcript.Delta("event: response.completed\ndata: {}\n\ndata: [DONE]\n\n\u2028</script>\u0000", 6),
            .. Transcript.Closing("x", 7),
        ];
        gateway.Dense.Play(Scripts.Stream(odd));
        var heard = await gateway.StreamAsync(_store);

        foreach (var (said, came) in odd.Zip(heard))
        {
            Assert.Equal(said.Name, came.Name);
            if (!Snapshots.Contains(said.Name)) Assert.Equal(said.Data, came.Data);
        }

        Assert.Equal(odd.Length + 1, heard.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(100_000)]
    public async Task The_way_bytes_are_cut_into_chunks_changes_nothing(int size)
    {
        var said = Transcript.Text("Hé", "😀", "llo");
        var bytes = Encoding.UTF8.GetBytes(string.Concat(said));
        gateway.Dense.Play(async call =>
        {
            await call.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {bytes.Length}\r\n\r\n");
            foreach (var part in bytes.Chunk(size)) await call.SendAsync(part);
            call.KeepAlive = true;
        });
        var heard = await gateway.StreamAsync(_store);
        Assert.Equal(said.Count + 1, heard.Count);
        Assert.Equal(said.Where(e => !Snapshots.Contains(e.Name)), heard.Where(e => e.Name.Length > 0 && !Snapshots.Contains(e.Name)));
        StrictClient.Follow(heard);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Any_line_ending_a_model_server_uses_becomes_a_line_feed(string ending)
    {
        var said = Transcript.Text("Hello");
        gateway.Dense.Play(Scripts.Stream(string.Concat(said).Replace("\n", ending, StringComparison.Ordinal)));
        var heard = await gateway.StreamAsync(_store);
        Assert.Equal(said.Select(e => e.Name), heard.SkipLast(1).Select(e => e.Name));
        StrictClient.Follow(heard);
    }

    [Fact]
    public async Task Comments_ids_retry_times_and_a_byte_order_mark_of_a_model_server_stay_behind()
    {
        var said = Transcript.Text("Hello");
        gateway.Dense.Play(Scripts.Stream(
            "\uFEFF: hello\n\nretry: 1\nid: 5\n" + said[0] + ":ping\n\n" + string.Concat(said.Skip(1)) + "data: [DONE]\n\n"));
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(stream: true, extra: _store));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("retry", text, StringComparison.Ordinal);
        Assert.DoesNotContain("id: 5", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ping", text, StringComparison.Ordinal);
        Assert.Equal(said.Count + 1, Wire.Events(text).Count);
    }

    [Fact]
    public async Task Snapshots_carry_the_gateways_envelope_and_the_model_servers_outcome()
    {
        gateway.Moe.Play(Scripts.Stream(Transcript.Text("Hello")));
        var heard = await gateway.StreamAsync(
            "\"metadata\":{\"ticket\":\"7\"},\"temperature\":0.5,\"instructions\":\"Be brief.\",\"user\":\"u\",\"safety_identifier\":\"s\",\"max_output_tokens\":64," + _store,
            model: "mka1-mini-moe");
        var snapshots = heard.Where(e => Snapshots.Contains(e.Name)).Select(e => e.Json.GetProperty("response")).ToArray();
        Assert.Equal(3, snapshots.Length);

        var id = snapshots[0].GetProperty("id").GetString()!;
        Assert.Matches("^resp_[0-9a-f]{32}$", id);
        Assert.NotEqual(Transcript.UpstreamId, id);
        foreach (var response in snapshots)
        {
            Assert.Equal(id, response.GetProperty("id").GetString());
            Assert.Equal("mka1-mini-moe", response.GetProperty("model").GetString());
            Assert.Equal("""{"ticket":"7"}""", response.GetProperty("metadata").GetRawText());
            Assert.Equal(0.5, response.GetProperty("temperature").GetDouble());
            Assert.Equal("Be brief.", response.GetProperty("instructions").GetString());
            Assert.Equal("s", response.GetProperty("safety_identifier").GetString());
            Assert.Equal(64, response.GetProperty("max_output_tokens").GetInt64());
            Assert.True(response.GetProperty("created_at").GetInt64() > 1_700_000_000);
            Assert.Equal(store, response.GetProperty("store").GetBoolean());
        }

        var final = snapshots[^1];
        Assert.Equal("completed", final.GetProperty("status").GetString());
        Assert.Equal("Hello", final.GetProperty("output_text").GetString());
        Assert.Equal(Transcript.DefaultUsage, final.GetProperty("usage").GetRawText());
        Assert.True(final.GetProperty("completed_at").GetInt64() >= final.GetProperty("created_at").GetInt64());
        Assert.DoesNotContain("upstream", string.Concat(heard), StringComparison.Ordinal);
        Assert.DoesNotContain("moe-on-server", string.Concat(heard), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_responses_never_share_an_id()
    {
        gateway.Dense.Play(Scripts.Completed("x"));
        var ids = new HashSet<string>();
        for (var i = 0; i < 50; i++) Assert.True(ids.Add((await gateway.StreamAsync(_store))[0].Json.GetProperty("response").GetProperty("id").GetString()!));
    }

    [Theory]
    [InlineData("constant", 7)]
    [InlineData("one too high", 1)]
    [InlineData("backwards", -1)]
    [InlineData("absent", 0)]
    [InlineData("text", 0)]
    [InlineData("huge", 0)]
    public async Task Wrong_sequence_numbers_are_put_right(string how, int number)
    {
        SseEvent Wrong(SseEvent e, int i) => e with
        {
            Data = how switch
            {
                "constant" => Numbered(e, i, number.ToString()),
                "one too high" => Numbered(e, i, (i + number).ToString()),
                "backwards" => Numbered(e, i, (100 - i).ToString()),
                "absent" => e.Data.Replace($"\"sequence_number\":{i},", "", StringComparison.Ordinal),
                "text" => Numbered(e, i, $"\"{i}\""),
                _ => Numbered(e, i, "18446744073709551616"),
            },
        };
        var said = Transcript.Text("Hel", "lo");
        gateway.Dense.Play(Scripts.Stream(said.Select(Wrong)));
        var heard = await gateway.StreamAsync(_store);

        Assert.Equal(Enumerable.Range(0, said.Count).Select(i => (long)i), heard.SkipLast(1).Select(e => e.Json.GetProperty("sequence_number").GetInt64()));
        var strangers = said.Zip(heard).Where(pair => !Snapshots.Contains(pair.First.Name));
        if (how != "absent") Assert.All(strangers, pair => Assert.Equal(pair.First.Data, pair.Second.Data));
        StrictClient.Follow(heard);
    }

    [Fact]
    public async Task What_comes_after_the_terminal_event_is_dropped()
    {
        var said = Transcript.Text("Hello");
        gateway.Dense.Play(Scripts.Stream(string.Concat(said) + Transcript.Delta("more", 9) + said[^1] + "data: [DONE]\n\ndata: [DONE]\n\n" + new string('x', 2_000_000)));
        using var request = GatewayFixture.Create(GatewayFixture.Hello(stream: true, extra: _store));
        request.Headers.Add("x-request-id", "after-terminal");
        using var answer = await gateway.Client.SendAsync(request);
        var heard = Wire.Events(await answer.Content.ReadAsStringAsync());

        Assert.Equal(said.Count + 1, heard.Count);
        Assert.Single(heard, e => e.Data == "[DONE]");
        Assert.Equal("Finished", (await gateway.SettledAsync("after-terminal")).Values["End"]?.ToString());
        StrictClient.Follow(heard);
    }

    [Fact]
    public async Task The_first_delta_reaches_the_client_while_the_model_is_still_at_work()
    {
        var goOn = new TaskCompletionSource();
        gateway.Dense.Play(async call =>
        {
            await call.StartAsync();
            foreach (var e in Transcript.Opening()) await call.ChunkAsync(e.ToString());
            await call.ChunkAsync(Transcript.Delta("first", 4).ToString());
            await goOn.Task;
            await call.ChunkAsync(string.Concat(Transcript.Closing("first", 5)));
            await call.EndAsync();
        });
        using var answer = await gateway.OpenAsync(GatewayFixture.Hello(stream: true, extra: _store));
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var lines = "";
        while (!lines.Contains("\"first\"", StringComparison.Ordinal)) lines += await reader.ReadLineAsync().Soon() + "\n";

        goOn.SetResult();
        lines += await reader.ReadToEndAsync().Soon();
        StrictClient.Follow(Wire.Events(lines));
    }

    [Fact]
    public async Task An_incomplete_answer_ends_incomplete_with_its_reason()
    {
        var said = Transcript.Text("Hel");
        gateway.Dense.Play(Scripts.Stream([.. said.SkipLast(1), Transcript.Snapshot("response.incomplete", 8, "incomplete", "[]", Transcript.DefaultUsage)]));
        var heard = await gateway.StreamAsync(_store);
        var response = heard[^2].Json.GetProperty("response");
        Assert.Equal("response.incomplete", heard[^2].Name);
        Assert.Equal("""{"reason":"max_output_tokens"}""", response.GetProperty("incomplete_details").GetRawText());
    }

    [Fact]
    public async Task Without_the_marker_in_the_configuration_a_stream_ends_with_its_terminal_event()
    {
        await using var plain = await GatewayFixture.StartAsync(config => config with { Compatibility = config.Compatibility with { DoneMarker = false } });
        var heard = await plain.StreamAsync(_store);
        Assert.Equal("response.completed", heard[^1].Name);
    }

    [Fact]
    public async Task A_stream_of_ten_thousand_deltas_comes_through_whole()
    {
        var deltas = Enumerable.Range(0, 10_000).Select(i => $"w{i} ").ToArray();
        gateway.Dense.Play(async call =>
        {
            await call.StartAsync();
            foreach (var part in Transcript.Text(deltas).Chunk(97)) await call.ChunkAsync(string.Concat<SseEvent>(part));
            await call.EndAsync();
        });
        var heard = await gateway.StreamAsync(_store);
        Assert.Equal(deltas.Length + 9, heard.Count);
        Assert.Equal(string.Concat(deltas), string.Concat(heard.Where(e => e.Name.EndsWith(".delta", StringComparison.Ordinal)).Select(e => e.Json.GetProperty("delta").GetString())));
        StrictClient.Follow(heard);
    }

    private static string Numbered(SseEvent e, int i, string number) =>
        e.Data.Replace($"\"sequence_number\":{i},", $"\"sequence_number\":{number},", StringComparison.Ordinal);
}
