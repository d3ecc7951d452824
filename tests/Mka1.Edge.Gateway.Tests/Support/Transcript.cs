using System.Text.Json;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>What a model server says, written by hand: ids, model and metadata of its own that no client may see.</summary>
public static class Transcript
{
    public const string UpstreamId = "resp_0000000000000000000000000000beef";
    public const string MessageId = "msg_1";
    public const string DefaultUsage =
        """{"input_tokens":8,"input_tokens_details":{"cached_tokens":3},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":15}""";

    /// <summary>A response object with one message.</summary>
    public static string Response(string text, string status = "completed", string usage = DefaultUsage) =>
        Object(status, $"[{Message(text)}]", usage);

    /// <summary>A response object.</summary>
    public static string Object(string status, string output, string usage) =>
        $$"""
        {"id":"{{UpstreamId}}","object":"response","created_at":1,"completed_at":null,"status":"{{status}}","error":null,"incomplete_details":{{(status == "incomplete" ? """{"reason":"max_output_tokens"}""" : "null")}},"model":"upstream-name","metadata":{"upstream":"secret"},"store":true,"temperature":0.25,"output":{{output}},"usage":{{usage}}}
        """;

    /// <summary>The events of a text answer in the order of contract.md E.3.</summary>
    public static IReadOnlyList<SseEvent> Text(params string[] deltas) => [.. Opening(), .. Deltas(deltas), .. Closing(string.Concat(deltas), 4 + deltas.Length)];

    /// <summary>Everything before the first delta: four events.</summary>
    public static IReadOnlyList<SseEvent> Opening() =>
    [
        Snapshot("response.created", 0, "in_progress", "[]", "null"),
        Snapshot("response.in_progress", 1, "in_progress", "[]", "null"),
        Event("response.output_item.added", 2, $$$"""{"output_index":0,"item":{"id":"{{{MessageId}}}","type":"message","status":"in_progress","role":"assistant","content":[]}}"""),
        Event("response.content_part.added", 3, $$$"""{"item_id":"{{{MessageId}}}","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}"""),
    ];

    /// <summary>One delta an entry, numbered from 4.</summary>
    public static IReadOnlyList<SseEvent> Deltas(params string[] deltas) => [.. deltas.Select((delta, i) => Delta(delta, 4 + i))];

    public static SseEvent Delta(string delta, long sequence) => Event(
        "response.output_text.delta", sequence, $$"""{"item_id":"{{MessageId}}","output_index":0,"content_index":0,"delta":{{Quote(delta)}},"logprobs":[]}""");

    /// <summary>Everything after the last delta: four events, the last one terminal.</summary>
    public static IReadOnlyList<SseEvent> Closing(string text, long sequence, string usage = DefaultUsage) =>
    [
        Event("response.output_text.done", sequence, $$"""{"item_id":"{{MessageId}}","output_index":0,"content_index":0,"text":{{Quote(text)}},"logprobs":[]}"""),
        Event("response.content_part.done", sequence + 1, $$$"""{"item_id":"{{{MessageId}}}","output_index":0,"content_index":0,"part":{"type":"output_text","text":{{{Quote(text)}}},"annotations":[],"logprobs":[]}}"""),
        Event("response.output_item.done", sequence + 2, $$$"""{"output_index":0,"item":{{{Message(text)}}}}"""),
        Snapshot("response.completed", sequence + 3, "completed", $"[{Message(text)}]", usage),
    ];

    /// <summary>An event with a snapshot of the response.</summary>
    public static SseEvent Snapshot(string name, long sequence, string status, string output, string usage) =>
        Event(name, sequence, $$$"""{"response":{{{Object(status, output, usage)}}}}""");

    /// <summary>Any event: type and number, then the members of <paramref name="rest"/>.</summary>
    public static SseEvent Event(string name, long sequence, string rest) =>
        new(name, $$"""{"type":"{{name}}","sequence_number":{{sequence}},{{rest[1..]}}""");

    private static string Message(string text) =>
        $$"""{"id":"{{MessageId}}","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":{{Quote(text)}},"annotations":[],"logprobs":[]}]}""";

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
