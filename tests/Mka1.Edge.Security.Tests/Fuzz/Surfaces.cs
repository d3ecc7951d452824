using System.Buffers;
using System.Text.Json;
using Mka1.Edge.Responses;
using Mka1.Edge.Responses.Tests;

namespace Mka1.Edge.Security.Tests.Fuzz;

/// <summary>All that reads what others wrote, in process: for each, what is wrong with what came of some bytes, or null.</summary>
internal static class Surfaces
{
    private const int NotFromHere = 502;

    /// <summary>Longer streams are read byte by byte beside the reader's own tests.</summary>
    private const int BytewiseBelow = 500;

    /// <summary>What a model server did not count the gateway counts, further on.</summary>
    private const string Uncounted = "a finished response has no usage.";

    private static readonly ResponseObject Skeleton = ResponseEcho.Skeleton(
        ((ParseResult<CreateResponseRequest>.Parsed)RequestParser.ParseCreate("""{"model":"mka1-mini","input":"x"}"""u8.ToArray())).Request, "resp_0123456789abcdef0123456789abcdef", 1);

    public static IReadOnlyDictionary<string, Func<byte[], string?>> All { get; } = new Dictionary<string, Func<byte[], string?>>
    {
        ["create"] = Create,
        ["webhook-request"] = Create,
        ["metadata"] = body => Judge(body, RequestParser.ParseMetadataUpdate(body)),
        ["conversation"] = body => ConversationParser.ParseCreate(body) is var result && body.Length == 0 ? MayBeNothing(result) : Judge(body, result),
        ["conversation-items"] = body => Judge(body, ConversationParser.ParseItems(body)),
        ["item-ids"] = body => Judge(body, ConversationParser.ParseItemIds(body)),
        ["prompt"] = body => Judge(body, PromptParser.ParseCreate(body)),
        ["prompt-update"] = body => Judge(body, PromptParser.ParseUpdate(body)),
        ["prompt-rollback"] = body => Judge(body, PromptParser.ParseRollback(body)),
        ["prompt-version"] = body => Judge(body, PromptParser.ParseVersion(body)),
        ["safety-override"] = body => Judge(body, SafetyParser.ParseOverride(body)),
        ["chat-request"] = body => Judge(body, ChatRequestReader.ToResponses(body)),
        ["event"] = body => Judge(body, EventParser.Parse(body), NotFromHere),
        ["snapshot"] = Snapshot,
        ["chat-completion"] = body => Judge(body, ChatCompletionReader.ToResponse(body, Skeleton, 2), NotFromHere),
        ["chat-stream"] = ChatStream,
        ["sse"] = Sse,
    };

    private static string? Create(byte[] body)
    {
        var result = RequestParser.ParseCreate(body);
        if (Judge(body, result) is { } fault) return fault;
        if (result is not ParseResult<CreateResponseRequest>.Parsed parsed) return null;

        // What was accepted must be safe to say back, and to say in the words of Chat Completions.
        var echo = JsonSerializer.SerializeToUtf8Bytes(ResponseEcho.Skeleton(parsed.Request, "resp_0", 0), ResponsesJson.Wire.ResponseObject);
        return Strict(echo) ?? (ChatRequestWriter.FromResponses(body) switch
        {
            ParseResult<byte[]>.Parsed chat => Strict(chat.Request),
            ParseResult<byte[]>.Refused refused => Refusal(refused.Error, 400),
            _ => "No outcome.",
        });
    }

    private static string? MayBeNothing<T>(ParseResult<T> result) => result is ParseResult<T>.Parsed ? null : "Nothing at all is refused.";

    private static string? Snapshot(byte[] body) => SnapshotEnvelope.Merge(Skeleton, body, 2) switch
    {
        SnapshotResult.Merged merged => Strict(JsonSerializer.SerializeToUtf8Bytes(merged.Response, ResponsesJson.Wire.ResponseObject)),
        SnapshotResult.Violation => null,
        _ => "No outcome.",
    };

    private static string? ChatStream(byte[] body)
    {
        var output = new ArrayBufferWriter<byte>();
        using var translator = new ChatStreamTranslator(output, Skeleton, () => 2);

        // Where a chunk ends is up to the network.
        var half = body.Length / 2;
        translator.Push(body.AsSpan(0, half));
        translator.Push(body.AsSpan(half));
        translator.End();
        return Followed(output.WrittenMemory.ToArray());
    }

    /// <summary>Every event that came out keeps the rules of the contract, so far.</summary>
    private static string? Followed(byte[] stream)
    {
        var client = new ResponseAccumulator();
        foreach (var (name, data) in ReferenceSse.Parse(stream))
        {
            if (data == "[DONE]") continue;
            if (client.Accept(System.Text.Encoding.Latin1.GetBytes(name), System.Text.Encoding.Latin1.GetBytes(data)) is StreamStep.Violation violation)
                return violation.Message.EndsWith(Uncounted, StringComparison.Ordinal) ? null : violation.Message;
        }

        return null;
    }

    private static string? Sse(byte[] body)
    {
        var expected = ReferenceSse.Parse(body);
        foreach (var size in body.Length < BytewiseBelow ? (int[])[body.Length + 1, 7, 1] : [body.Length + 1, 7])
        {
            var reader = new SseReader();
            var events = new List<(string, string)>();
            for (var at = 0; at < body.Length; at += size)
            {
                reader.Push(body.AsSpan(at, Math.Min(size, body.Length - at)));
                while (reader.TryRead(out var frame) == SseReadStatus.Frame)
                    events.Add((System.Text.Encoding.Latin1.GetString(frame.Event), System.Text.Encoding.Latin1.GetString(frame.Data)));
            }

            if (!events.SequenceEqual(expected)) return $"In pieces of {size} bytes it reads as {events.Count} events, and as {expected.Count} by the standard.";
        }

        return null;
    }

    private static string? Judge<T>(byte[] body, ParseResult<T> result, int status = 400) => result switch
    {
        // What is taken, another parser takes for the same: no key twice, no depth without end.
        ParseResult<T>.Parsed => Strict(body),
        ParseResult<T>.Refused refused => Refusal(refused.Error, status),
        _ => "No outcome.",
    };

    private static string? Refusal(ApiError error, int status) =>
        error.Shape.Status != status ? $"Refused with {error.Shape.Status}, not {status}: {error.Message}" : Strict(ErrorWriter.ToBytes(error));

    private static string? Strict(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return null;
        }
        catch (JsonException e)
        {
            return "What was taken or made is no strict JSON: " + e.Message;
        }
    }
}
