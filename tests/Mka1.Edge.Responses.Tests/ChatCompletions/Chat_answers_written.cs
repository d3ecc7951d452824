using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Responses.Tests;

/// <summary>Responses, as chat clients get them.</summary>
public sealed class Chat_answers_written
{
    [Fact]
    public void A_response_is_a_completion()
    {
        Assert.Null(Streams.Check(Streams.Read(Streams.Full()), out var response));

        var chat = JsonDocument.Parse(ChatCompletionWriter.ToBytes(response!)).RootElement;

        Assert.Equal("chatcmpl-" + new string('a', 32), chat.GetProperty("id").GetString());
        var choice = chat.GetProperty("choices")[0];
        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse("""{"role":"assistant","content":"Hello \"é😀\"\n","refusal":null,"annotations":[],"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}"""),
            choice.GetProperty("message")));
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        Assert.Equal("""{"prompt_tokens":8,"completion_tokens":7,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":3}}""", chat.GetProperty("usage").GetRawText());
    }

    [Fact]
    public void Events_become_chunks_whatever_the_pieces_they_come_in()
    {
        var events = Streams.Full();
        var whole = Chunks(events, [events.Length]);
        var random = new Random(2);
        for (var round = 0; round < 100; round++)
            Assert.Equal(whole, Chunks(events, Enumerable.Repeat(0, events.Length).Select(_ => random.Next(1, 50))));

        Assert.Equal(
            [
                """{"role":"assistant","content":""}""", """{"content":"Hel"}""", """{"content":"lo \"é😀\"\n"}""",
                """{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":""}}]}""",
                """{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":"}}]}""", """{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}""", "{}",
            ],
            Parsed(whole).Where(chunk => chunk.GetProperty("choices").GetArrayLength() > 0).Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta").GetRawText().Replace("\\uD83D\\uDE00", "😀", StringComparison.Ordinal)));
        Assert.Equal(15, Parsed(whole)[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public void What_was_translated_there_is_read_back_as_it_was()
    {
        var chunks = Chunks(Streams.Full(), [int.MaxValue]);

        var final = ChatStreams.Final(chunks + ChatStreams.Done);

        Assert.Equal("Hello \"é😀\"\n", final.OutputText);
        Assert.Equal("""{"a":1}""", final.Output.OfType<FunctionCallItem>().Single().Arguments.Value);
        Assert.Equal(Usage.Of(8, 7, cached: 2, reasoning: 3), final.Usage);
    }

    [Fact]
    public void A_failure_is_the_envelope_of_errors()
    {
        var events = Streams.Write(writer =>
        {
            writer.Start();
            writer.Fail(ResponseError.From(new ApiError(ErrorCode.ServerError, "Broke.")), null, 1);
        });

        var last = Parsed(Chunks(events, [int.MaxValue]))[^1];
        Assert.Equal("""{"error":{"code":"server_error","message":"Broke.","type":"server_error","param":null}}""", last.GetRawText());
    }

    private static string Chunks(byte[] events, IEnumerable<int> pieces)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ChatChunkWriter(output, includeUsage: true);
        var at = 0;
        foreach (var size in pieces)
        {
            var length = Math.Min(size, events.Length - at);
            writer.Push(events.AsSpan(at, length));
            at += length;
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static JsonElement[] Parsed(string stream) =>
        [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(chunk => JsonDocument.Parse(chunk["data: ".Length..]).RootElement)];
}
