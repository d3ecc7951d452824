using System.Text.Json;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>What a server says that speaks Chat Completions and nothing else.</summary>
public static class ChatScripts
{
    public const string Usage = """{"prompt_tokens":8,"completion_tokens":7,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":3}}""";

    public const string Done = "data: [DONE]\n\n";

    /// <summary>A chunk with a delta.</summary>
    public static string Chunk(string delta, string? finish = null) =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"internal","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{JsonSerializer.Serialize(finish)}}}]}""" + "\n\n";

    /// <summary>The chunk with the usage.</summary>
    public static string UsageChunk => $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"internal","choices":[],"usage":{{Usage}}}""" + "\n\n";

    /// <summary>A text, delta by delta, to its end.</summary>
    public static string[] Text(params string[] deltas) =>
    [
        Chunk("""{"role":"assistant","content":""}"""), .. deltas.Select(delta => Chunk($$"""{"content":{{JsonSerializer.Serialize(delta)}}}""")), Chunk("{}", "stop"), UsageChunk, Done,
    ];

    /// <summary>A whole completion.</summary>
    public static string Completion(string message, string finish = "stop", string usage = $",\"usage\":{Usage}") =>
        $$"""{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"internal","choices":[{"index":0,"message":{{message}},"finish_reason":"{{finish}}"}]{{usage}}}""";

    /// <summary>A whole answer, JSON or stream as asked for.</summary>
    public static Func<UpstreamCall, Task> Completed(params string[] deltas) => call => call.Json.TryGetProperty("stream", out _)
        ? Scripts.Stream(Text(deltas))(call)
        : Scripts.Json(Completion($$"""{"role":"assistant","content":{{JsonSerializer.Serialize(string.Concat(deltas))}}}"""))(call);
}
