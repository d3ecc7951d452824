using System.Text;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>
/// Promise: wherever the answer of a chat server breaks off, the client gets an HTTP error or a stream that ends as failed, and
/// never hears of a completion that did not come.
/// </summary>
public sealed class SurvivesChatCutsTests(ChatPoolFixture pool) : IClassFixture<ChatPoolFixture>
{
    private static readonly string[] Pieces =
    [
        ChatScripts.Chunk("""{"role":"assistant","content":""}"""), ChatScripts.Chunk("""{"content":"é"}"""),
        ChatScripts.Chunk("""{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{}"}}]}"""),
        ChatScripts.Chunk("{}", "tool_calls"), ChatScripts.UsageChunk, ChatScripts.Done,
    ];

    private static readonly byte[] StreamHead = Encoding.UTF8.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");

    [Theory]
    [InlineData("\"store\":true")]
    [InlineData("\"store\":false")]
    public async Task A_stream_whose_length_nobody_stated_may_end_at_any_byte(string store)
    {
        byte[] bytes = [.. StreamHead, .. "Connection: close\r\n\r\n"u8, .. Encoding.UTF8.GetBytes(string.Concat(Pieces))];
        pool.Gateway.Dense.Play(call => Scripts.CutWithFin(bytes.AsMemory(0, Offset(call)))(call));

        // All is said once the server has told how the answer ended.
        var whole = bytes.AsSpan().IndexOf("\"finish_reason\":\"tool_calls\""u8);
        whole += bytes.AsSpan(whole).IndexOf("\n\n"u8) + 2;
        await EachOffsetAsync(bytes.Length, offset => CutAsync(store, offset, offset >= whole ? ResponseStatus.Completed : ResponseStatus.Failed, maybe: false));
    }

    [Fact]
    public async Task A_chunked_stream_may_be_reset_at_any_byte()
    {
        byte[] bytes = [.. StreamHead, .. Encoding.UTF8.GetBytes("Transfer-Encoding: chunked\r\n\r\n" + string.Concat(Pieces.Select(Wire.Chunk)) + "0\r\n\r\n")];
        pool.Gateway.Dense.Play(call => Scripts.CutWithReset(bytes.AsMemory(0, Offset(call)))(call));
        var usage = bytes.AsSpan().IndexOf("\"usage\""u8);
        usage += bytes.AsSpan(usage).IndexOf("\n\n"u8) + 2;

        // A reset may throw away what was sent before it, so how much was heard is open; how it ends is not.
        await EachOffsetAsync(bytes.Length, offset => CutAsync("\"store\":false", offset, offset < usage ? ResponseStatus.Failed : ResponseStatus.Completed, maybe: offset >= usage));
    }

    [Fact]
    public async Task A_completion_may_break_off_at_any_byte()
    {
        var body = Encoding.UTF8.GetBytes(ChatScripts.Completion("""{"role":"assistant","content":"é"}"""));
        byte[] bytes = [.. Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
        pool.Gateway.Dense.Play(call => Scripts.CutWithFin(bytes.AsMemory(0, Offset(call)))(call));
        await EachOffsetAsync(bytes.Length, async offset =>
        {
            using var answer = await pool.Gateway.PostAsync(GatewayFixture.Hello(extra: $"\"offset\":{offset}"));
            Assert.Equal(offset == bytes.Length, answer.IsSuccessStatusCode);
        });
    }

    private static int Offset(UpstreamCall call) => call.Json.GetProperty("offset").GetInt32();

    private async Task CutAsync(string store, int offset, ResponseStatus expected, bool maybe)
    {
        using var answer = await pool.Gateway.PostAsync(GatewayFixture.Hello(stream: true, extra: $"{store},\"offset\":{offset}"));
        if (!answer.IsSuccessStatusCode)
        {
            Assert.True(maybe || expected == ResponseStatus.Failed);
            Assert.True((int)answer.StatusCode is 502 or 503, $"{answer.StatusCode}");
            return;
        }

        var heard = Wire.Events(await answer.Content.ReadAsStringAsync());
        var final = StrictClient.Follow(heard);
        Assert.True(final.Status == expected || (maybe && final.Status == ResponseStatus.Failed), $"{final.Status}");
        if (final.Status == ResponseStatus.Failed) StrictClient.AssertFailed(heard, "upstream_error");
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
}
