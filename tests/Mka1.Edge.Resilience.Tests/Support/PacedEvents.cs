using System.Text.Json;

namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>The events of one answer of the <see cref="PacedModelServer"/>, in the order of contract.md E.3.</summary>
internal sealed class PacedEvents(PacedRequest request, int call)
{
    private readonly string _message = $"msg_{request.Seed}{call}";
    private long _sequence;

    /// <summary>The finished response.</summary>
    public string Final => Response("completed", $"[{Message()}]", Usage);

    private string Usage =>
        $$"""{"input_tokens":{{request.InputTokens}},"input_tokens_details":{"cached_tokens":0},"output_tokens":{{request.Deltas}},"output_tokens_details":{"reasoning_tokens":0},"total_tokens":{{request.InputTokens + request.Deltas}}}""";

    private string Text => JsonSerializer.Serialize(PacedText.Whole(request.Seed, call, request.Deltas));

    public string Opening() => Event("response.created", $$"""{"response":{{Response("in_progress", "[]", "null")}}}""")
        + Event("response.in_progress", $$"""{"response":{{Response("in_progress", "[]", "null")}}}""");

    public string Begin() =>
        Event("response.output_item.added", $$$"""{"output_index":0,"item":{"id":"{{{_message}}}","type":"message","status":"in_progress","role":"assistant","content":[]}}""")
        + Event("response.content_part.added", $$$"""{"item_id":"{{{_message}}}","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}""");

    public string Delta(int place) => Event(
        "response.output_text.delta",
        $$"""{"item_id":"{{_message}}","output_index":0,"content_index":0,"delta":{{JsonSerializer.Serialize(PacedText.Delta(request.Seed, call, place))}},"logprobs":[]}""");

    public string Closing() =>
        Event("response.output_text.done", $$"""{"item_id":"{{_message}}","output_index":0,"content_index":0,"text":{{Text}},"logprobs":[]}""")
        + Event("response.content_part.done", $$$"""{"item_id":"{{{_message}}}","output_index":0,"content_index":0,"part":{"type":"output_text","text":{{{Text}}},"annotations":[],"logprobs":[]}}""")
        + Event("response.output_item.done", $$"""{"output_index":0,"item":{{Message()}}}""")
        + Event("response.completed", $$"""{"response":{{Final}}}""");

    private string Event(string name, string rest) => $$"""
        event: {{name}}
        data: {"type":"{{name}}","sequence_number":{{_sequence++}},{{rest[1..]}}


        """;

    private string Message() =>
        $$"""{"id":"{{_message}}","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":{{Text}},"annotations":[],"logprobs":[]}]}""";

    private static string Response(string status, string output, string usage) =>
        $$"""{"id":"resp_0000000000000000000000000000beef","object":"response","created_at":1,"completed_at":null,"status":"{{status}}","error":null,"incomplete_details":null,"model":"paced","output":{{output}},"usage":{{usage}}}""";
}
