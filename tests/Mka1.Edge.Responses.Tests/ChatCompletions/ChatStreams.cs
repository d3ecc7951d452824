using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mka1.Edge.Responses.Tests;

/// <summary>Streams of chat chunks, and what becomes of them.</summary>
internal static class ChatStreams
{
    public const string Done = "data: [DONE]\n\n";

    /// <summary>A chunk with one choice.</summary>
    public static string Chunk(string delta, string? finish = null, string more = "") =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"x","choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{(finish is null ? "null" : $"\"{finish}\"")}}}]{{more}}}""" + "\n\n";

    /// <summary>The chunk that holds the usage alone.</summary>
    public static string UsageChunk(string usage = """{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}""") =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"x","choices":[],"usage":{{usage}}}""" + "\n\n";

    public static string Call(string entry) => Chunk($$"""{"tool_calls":[{{entry}}]}""");

    /// <summary>What comes of a stream that is pushed in one piece, and then ends.</summary>
    public static ChatOutcome Translate(string stream) => Translate(Encoding.UTF8.GetBytes(stream), [int.MaxValue]);

    /// <summary>What comes of a stream that is pushed in pieces, and then ends.</summary>
    public static ChatOutcome Translate(byte[] stream, IEnumerable<int> chunks)
    {
        var output = new ArrayBufferWriter<byte>();
        using var translator = new ChatStreamTranslator(output, Streams.Skeleton(), () => 1_700_000_009);
        var at = 0;
        foreach (var size in chunks)
        {
            var length = Math.Min(size, stream.Length - at);
            translator.Push(stream.AsSpan(at, length));
            at += length;
        }

        translator.End();
        return new ChatOutcome(translator.State, translator.Fault, output.WrittenSpan.ToArray());
    }

    /// <summary>The response a stream ends with; its events must keep every rule of the contract.</summary>
    public static ResponseObject Final(string stream)
    {
        var outcome = Translate(stream);
        Assert.True(outcome.State == ChatStreamState.Ended, outcome.Fault);
        return Checked(outcome.Events);
    }

    /// <summary>The response that events end with. They must keep every rule but one: whoever puts the envelope around them says the usage where the server did not.</summary>
    public static ResponseObject Checked(byte[] stream)
    {
        var events = Streams.Read(stream);
        var response = events[^1].Data["response"]!;
        var unsaid = response["usage"] is null;
        if (unsaid)
            response["usage"] = JsonNode.Parse("""{"input_tokens":0,"input_tokens_details":{"cached_tokens":0},"output_tokens":0,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":0}""");
        Assert.Null(Streams.Check(events, out var final));
        return unsaid ? final! with { Usage = null } : final!;
    }

    /// <summary>Events with their random ids put aside.</summary>
    public static string Shape(byte[] events) => string.Join("\n", Streams.Read(events).Select(item => Plain(item.Data.ToJsonString())));

    private static string Plain(string json) => System.Text.RegularExpressions.Regex.Replace(json, "\"(msg|fc|rs|call)_[0-9a-f]{32}\"", "\"$1\"");

    /// <summary>The messages of the chat request that a create body becomes.</summary>
    public static JsonElement Request(string body) => ChatRequestWriter.FromResponses(Encoding.UTF8.GetBytes(body)) switch
    {
        ParseResult<byte[]>.Parsed parsed => JsonDocument.Parse(parsed.Request).RootElement,
        ParseResult<byte[]>.Refused refused => throw new Xunit.Sdk.XunitException(refused.Error.ToString()),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static ApiError Unspeakable(string body) =>
        Assert.IsType<ParseResult<byte[]>.Refused>(ChatRequestWriter.FromResponses(Encoding.UTF8.GetBytes(body))).Error;
}
