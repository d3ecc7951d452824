using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.LoadTests.Support;

/// <summary>
/// A model server that costs as little as can be, so that the gateway is what is measured. The request's input says what it
/// does: <c>deltas=N</c> streams N deltas at once; <c>hold</c> streams one delta and then nothing until the client leaves.
/// </summary>
public sealed class PacedModelServer : IAsyncDisposable
{
    private const string Usage = """{"input_tokens":8,"input_tokens_details":{"cached_tokens":0},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":15}""";

    private readonly WebApplication _app;

    private PacedModelServer(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public static async Task<PacedModelServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/responses", AnswerAsync);
        await app.StartAsync();
        return new PacedModelServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext http)
    {
        using var request = await JsonDocument.ParseAsync(http.Request.Body);
        var text = request.RootElement.GetProperty("input").GetString() ?? "";
        var streams = request.RootElement.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;
        if (!streams)
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(Response("completed", Item("Hello")));
            return;
        }

        http.Response.ContentType = "text/event-stream";
        var hold = text.StartsWith("hold", StringComparison.Ordinal);
        var deltas = hold ? 1 : int.Parse(text.AsSpan("deltas=".Length), CultureInfo.InvariantCulture);
        await http.Response.WriteAsync(Opening());
        var chunk = new StringBuilder();
        for (var i = 0; i < deltas; i++)
        {
            chunk.Append(Event("response.output_text.delta", 4 + i, """{"item_id":"msg_1","output_index":0,"content_index":0,"delta":"word ","logprobs":[]}"""));
            if (chunk.Length > 8000)
            {
                await http.Response.WriteAsync(chunk.ToString());
                chunk.Clear();
            }
        }

        await http.Response.WriteAsync(chunk.ToString());
        await http.Response.Body.FlushAsync();
        if (hold)
        {
            var gone = new TaskCompletionSource();
            await using var registration = http.RequestAborted.Register(() => gone.TrySetResult());
            await gone.Task;
            return;
        }

        await http.Response.WriteAsync(Closing(string.Concat(Enumerable.Repeat("word ", deltas)), 4 + deltas));
    }

    private static string Opening() =>
        Event("response.created", 0, $$"""{"response":{{Response("in_progress", "")}}}""")
        + Event("response.in_progress", 1, $$"""{"response":{{Response("in_progress", "")}}}""")
        + Event("response.output_item.added", 2, """{"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}""")
        + Event("response.content_part.added", 3, """{"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}""");

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
