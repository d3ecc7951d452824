namespace Mka1.Edge.Inference.Engine;

/// <summary>One token of the output.</summary>
public sealed record GeneratedToken
{
    /// <summary>The token; every one of them counts as an output token, the end of turn included.</summary>
    public required int Id { get; init; }

    /// <summary>UTF-8 bytes it adds to the text: possibly part of a code point; empty for a control token.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Whether it is a control token: the end of turn, or a tag around a function call or a think section.</summary>
    public required bool IsSpecial { get; init; }

    /// <summary>
    /// Natural logarithm of its probability under the bare model (before temperature, penalties and constraints);
    /// 0 when <see cref="GenerationRequest.Logprobs"/> is off.
    /// </summary>
    public float Logprob { get; init; }

    /// <summary>The most probable tokens at this place, best first; null unless asked for.</summary>
    public IReadOnlyList<TokenLogprob>? TopLogprobs { get; init; }

    /// <summary>Set on the last token only.</summary>
    public FinishReason? Finish { get; init; }
}
