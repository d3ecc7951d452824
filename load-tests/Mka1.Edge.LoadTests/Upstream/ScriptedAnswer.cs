using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Mka1.Edge.LoadTests.Upstream;

/// <summary>The bytes of a scripted model server's answers, made once.</summary>
internal static class ScriptedAnswer
{
    private const int FirstDelta = 4;
    private const byte ItemDigits = 10;
    private const string StreamItem = "msg_1";
    private const string Usage = """{"input_tokens":8,"input_tokens_details":{"cached_tokens":0},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":15}""";

    private static readonly ConcurrentDictionary<int, byte[]> Deltas = new();
    private static readonly ConcurrentDictionary<int, byte[]> Closings = new();

    private static readonly byte[] JsonTemplate = Encoding.UTF8.GetBytes(Response("completed", Item("Hello").Replace(StreamItem, $"msg_{0:D10}", StringComparison.Ordinal)));
    private static readonly int JsonNumber = JsonTemplate.AsSpan().IndexOf("msg_"u8) + "msg_".Length;

    private static long _answers;

    /// <summary>The error that goes with a status other than 200.</summary>
    public static readonly byte[] Fault = """{"error":{"message":"A scripted fault.","type":"server_error","param":null,"code":"server_error"}}"""u8.ToArray();

    /// <summary>The events before the first delta.</summary>
    public static readonly byte[] Opening = Encoding.UTF8.GetBytes(
        Event("response.created", 0, $$"""{"response":{{Response("in_progress", "")}}}""")
        + Event("response.in_progress", 1, $$"""{"response":{{Response("in_progress", "")}}}""")
        + Event("response.output_item.added", 2, """{"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}""")
        + Event("response.content_part.added", 3, """{"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}"""));

    /// <summary>An answer without a stream. Each has an item id of its own: who keeps items tells them apart by it.</summary>
    public static byte[] Json()
    {
        byte[] answer = [.. JsonTemplate];
        Utf8Formatter.TryFormat(Interlocked.Increment(ref _answers), answer.AsSpan(JsonNumber), out _, new StandardFormat('D', ItemDigits));
        return answer;
    }

    /// <summary>One delta.</summary>
    /// <param name="number">From 0.</param>
    public static byte[] Delta(int number) => Deltas.GetOrAdd(number, static i => Encoding.UTF8.GetBytes(
        Event("response.output_text.delta", FirstDelta + i, """{"item_id":"msg_1","output_index":0,"content_index":0,"delta":"word ","logprobs":[]}""")));

    /// <summary>The events after so many deltas.</summary>
    public static byte[] Closing(int deltas) => Closings.GetOrAdd(deltas, static count => Encoding.UTF8.GetBytes(Closing(string.Concat(Enumerable.Repeat("word ", count)), FirstDelta + count)));

    private static string Closing(string text, int sequence) =>
        Event("response.output_text.done", sequence, $$"""{"item_id":"msg_1","output_index":0,"content_index":0,"text":"{{text}}","logprobs":[]}""")
        + Event("response.content_part.done", sequence + 1, $$$"""{"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"{{{text}}}","annotations":[],"logprobs":[]}}""")
        + Event("response.output_item.done", sequence + 2, $$"""{"output_index":0,"item":{{Item(text)}}}""")
        + Event("response.completed", sequence + 3, $$"""{"response":{{Response("completed", Item(text))}}}""");

    private static string Event(string name, int sequence, string rest) =>
        $$"""
        event: {{name}}
        data: {"type":"{{name}}","sequence_number":{{sequence.ToString(CultureInfo.InvariantCulture)}},{{rest[1..]}}


        """.ReplaceLineEndings("\n");

    private static string Item(string text) =>
        $$"""{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"{{text}}","annotations":[],"logprobs":[]}]}""";

    private static string Response(string status, string item) =>
        $$"""{"id":"resp_1","object":"response","created_at":1,"completed_at":null,"status":"{{status}}","error":null,"incomplete_details":null,"model":"m","metadata":{},"output":[{{item}}],"usage":{{(item.Length == 0 ? "null" : Usage)}}}""";
}
