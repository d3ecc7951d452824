using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mka1.Edge.Responses.Tests;

/// <summary>Streams as written, and how they read back.</summary>
internal static class Streams
{
    public static ResponseObject Skeleton(string body = """{"model":"m","input":"hi"}""") => ResponseEcho.Skeleton(Parse.Accepted(body), "resp_" + new string('a', 32), 1_700_000_000);

    public static byte[] Write(Action<ResponseStreamWriter> script)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new ResponseStreamWriter(output, Skeleton());
        script(writer);
        return output.WrittenSpan.ToArray();
    }

    public static List<(string Event, JsonObject Data)> Read(byte[] stream)
    {
        var reader = new SseReader();
        reader.Push(stream);
        var events = new List<(string, JsonObject)>();
        while (reader.TryRead(out var frame) == SseReadStatus.Frame)
            events.Add((Encoding.UTF8.GetString(frame.Event), JsonNode.Parse(frame.Data)!.AsObject()));
        Assert.False(reader.HasPartial);
        return events;
    }

    public static string[] Names(byte[] stream) => [.. Read(stream).Select(item => item.Event)];

    /// <summary>Feeds events to an accumulator; the violation's message, or null.</summary>
    public static string? Check(IEnumerable<(string Event, JsonObject Data)> events, out ResponseObject? final)
    {
        var accumulator = new ResponseAccumulator();
        foreach (var (name, data) in events)
        {
            if (accumulator.Accept(Encoding.UTF8.GetBytes(name), JsonSerializer.SerializeToUtf8Bytes(data)) is StreamStep.Violation violation)
            {
                final = null;
                return violation.Message;
            }
        }

        final = accumulator.Final;
        return accumulator.End() is StreamStep.Violation end ? end.Message : null;
    }

    /// <summary>Text, a function call, and the end.</summary>
    public static byte[] Full() => Write(writer =>
    {
        writer.Start();
        writer.StartReasoning("rs_1");
        writer.StartSummary();
        writer.SummaryDelta("I think");
        writer.EndSummary();
        writer.EndItem();
        writer.StartMessage("msg_1");
        writer.StartText();
        writer.TextDelta("Hel");
        writer.TextDelta("lo \"é😀\"\n");
        writer.EndText();
        writer.EndItem();
        writer.StartFunctionCall("fc_1", "call_1", "f");
        writer.ArgumentsDelta("{\"a\":");
        writer.ArgumentsDelta("1}");
        writer.EndItem();
        writer.Complete(Usage.Of(8, 7, cached: 2, reasoning: 3), 1_700_000_001);
    });
}
