namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Switches where published sources of the API differ.</summary>
public sealed record CompatibilityConfig
{
    /// <summary>Answer 429 with <c>{"error":"Rate limit exceeded"}</c>, as MKA1 documents, in place of the error object.</summary>
    public bool StringRateLimitErrors { get; init; }

    /// <summary>Default of <c>max_tool_calls</c> (1–300).</summary>
    public int MaxToolCalls { get; init; } = 30;

    /// <summary>End every stream with <c>data: [DONE]</c>.</summary>
    public bool DoneMarker { get; init; } = true;

    /// <summary>Pad delta events of streams whose request does not say (<c>stream_options.include_obfuscation</c>).</summary>
    public bool Obfuscation { get; init; }
}
