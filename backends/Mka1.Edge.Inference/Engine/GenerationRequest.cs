using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Sampling;

namespace Mka1.Edge.Inference.Engine;

/// <summary>One prompt to continue.</summary>
public sealed record GenerationRequest
{
    /// <summary>The prompt: at least one id, fewer than the context window.</summary>
    public required ReadOnlyMemory<int> PromptIds { get; init; }

    /// <summary>Upper bound of the output: 1 or more; the context window bounds it too.</summary>
    public required int MaxOutputTokens { get; init; }

    /// <summary>How tokens are chosen.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Whether <see cref="GeneratedToken.Logprob"/> is filled in.</summary>
    public bool Logprobs { get; init; }

    /// <summary>How many alternatives each token carries: 0 to 20.</summary>
    public int TopLogprobs { get; init; }

    /// <summary>What the output may be; null: plain text, in which control tokens other than the end of turn never occur.</summary>
    public ITokenConstraint? Constraint { get; init; }

    /// <summary>Whose turn it is when requests wait.</summary>
    public RequestPriority Priority { get; init; } = RequestPriority.Normal;

    /// <summary>
    /// Whose computed prompts this request may use and leave behind: only requests of the same key (or none) share. Null: the key of all without one.
    /// </summary>
    public string? CacheKey { get; init; }
}
