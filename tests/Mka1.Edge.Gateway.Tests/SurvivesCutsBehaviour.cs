using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>
/// Promise: wherever a model server's answer breaks off, the client gets an HTTP error or a stream with a terminal event, and
/// never hears of a completion that did not come, whether it is kept or not.
/// </summary>
public abstract class SurvivesCutsBehaviour(GatewayFixture gateway, bool store) : IClassFixture<GatewayFixture>
{
    private readonly string _store = store ? "\"store\":true" : "\"store\":false";

    /// <summary>A short stream of every kind of event: its snapshots hold what must be there and no more.</summary>
    private static readonly SseEvent[] Short =
    [
        Transcript.Event("response.created", 0, """{"response":{"status":"in_progress"}}"""),
        .. Transcript.Opening().Skip(2).Select((e, i) => e with { Data = e.Data.Replace($"_number\":{i + 2}", $"_number\":{i + 1}", StringComparison.Ordinal) }),
        Transcript.Delta("é", 3),
        .. Transcript.Closing("é", 4).SkipLast(1),
        Transcript.Event("response.completed", 7, """{"response":{"status":"completed","output":[{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"é","annotations":[],"logprobs":[]}]}],"usage":{"input_tokens":8,"output_tokens":7,"total_tokens":15}}}"""),
    ];

    private static readonly byte[] StreamHead = Encoding.UTF8.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");

    [Fact]
    public async Task The_uncut_transcript_completes()
    {
        gateway.Dense.Play(Scripts.Stream(Short));
        var final = StrictClient.Follow(await gateway.StreamAsync(_store));
        Assert.Equal((ResponseStatus.Completed, "é"), (final.Status, final.OutputText));
    }

    [Fact]
    public async Task A_stream_whose_length_nobody_stated_may_end_at_any_byte()
    {
        byte[] bytes = [.. StreamHead, .. "Connection: close\r\n\r\n"u8, .. Encoding.UTF8.GetBytes(string.Concat(Short))];
        gateway.Dense.Play(call => Scripts.CutWithFin(bytes.AsMemory(0, Offset(call)))(call));
        await EachOffsetAsync(bytes.Length, async offset =>
        {
            var said = bytes.AsSpan(0, offset);
            var complete = Wire.Events(Encoding.UTF8.GetString(said[..(said.LastIndexOf("\n\n"u8) + 1)]));
            using var answer = await PostAsync(offset, stream: true);
            if (complete.Count == 0)
            {
                await AssertGatewayErrorAsync(answer);
                return;
            }

            var heard = Wire.Events(await answer.Content.ReadAsStringAsync());
            var final = StrictClient.Follow(heard);
            if (offset == bytes.Length)
            {
                Assert.Equal(ResponseStatus.Completed, final.Status);
                return;
            }

            // Everything that was said in full, and after it the gateway's two closing events.
            StrictClient.AssertFailed(heard, "upstream_error");
            Assert.Equal([.. complete.Select(e => e.Name), "error", "response.failed", ""], heard.Select(e => e.Name));
        });
    }

    [Fact]
    public async Task A_chunked_stream_may_be_reset_at_any_byte()
    {
        byte[] bytes = [.. StreamHead, .. Encoding.UTF8.GetBytes("Transfer-Encoding: chunked\r\n\r\n" + string.Concat(Short.Select(e => Wire.Chunk(e.ToString()))) + "0\r\n\r\n")];
        gateway.Dense.Play(call => Scripts.CutWithReset(bytes.AsMemory(0, Offset(call)))(call));
        var terminal = bytes.AsSpan().IndexOf("event: response.completed"u8);
        var saidAll = terminal + bytes.AsSpan(terminal).IndexOf("\n\n"u8) + 2;
        await EachOffsetAsync(bytes.Length, async offset =>
        {
            using var answer = await PostAsync(offset, stream: true);
            if (!answer.IsSuccessStatusCode)
            {
                await AssertGatewayErrorAsync(answer);
                return;
            }

            // A reset may throw away what was sent before it, so how much was heard is open; how it ends is not.
            var final = StrictClient.Follow(Wire.Events(await answer.Content.ReadAsStringAsync()));
            if (offset < saidAll) Assert.Equal(ResponseStatus.Failed, final.Status);
        });
    }

    [Fact]
    public async Task A_JSON_answer_may_break_off_at_any_byte()
    {
        var body = Encoding.UTF8.GetBytes("""{"status":"completed","output":[{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"é","annotations":[],"logprobs":[]}]}],"usage":{"input_tokens":8,"output_tokens":7,"total_tokens":15}}""");
        byte[] bytes = [.. Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
        gateway.Dense.Play(call => call.Json.GetProperty("cut").GetString() == "fin"
            ? Scripts.CutWithFin(bytes.AsMemory(0, Offset(call)))(call)
            : Scripts.CutWithReset(bytes.AsMemory(0, Offset(call)))(call));
        foreach (var cut in (string[])["fin", "reset"])
        {
            await EachOffsetAsync(bytes.Length, async offset =>
            {
                using var answer = await PostAsync(offset, stream: false, $",\"cut\":\"{cut}\"");
                if (offset == bytes.Length && cut == "fin") Assert.True(answer.IsSuccessStatusCode);
                else if (offset < bytes.Length || !answer.IsSuccessStatusCode) await AssertGatewayErrorAsync(answer);
            });
        }
    }

    private static int Offset(UpstreamCall call) => call.Json.GetProperty("offset").GetInt32();

    private static async Task AssertGatewayErrorAsync(HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        Assert.True(status is 502 or 503, $"{status}");
        await answer.AssertRefusedAsync(status, status == 502 ? "upstream_error" : "no_backend_available");
    }

    private static Task EachOffsetAsync(int length, Func<int, Task> test) =>
        Parallel.ForEachAsync(Enumerable.Range(0, length + 1), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (offset, _) =>
        {
            try
            {
                await test(offset);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Cut at byte {offset} of {length}: {e.Message}", e);
            }
        });

    private Task<HttpResponseMessage> PostAsync(int offset, bool stream, string extra = "") =>
        gateway.PostAsync(GatewayFixture.Hello(stream: stream, extra: $"{_store},\"offset\":{JsonSerializer.Serialize(offset)}{extra}"));
}
