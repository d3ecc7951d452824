namespace Mka1.Edge.Responses;

/// <summary>A refusal: what went wrong, in words that say what to do next.</summary>
/// <param name="Code">The kind of refusal.</param>
/// <param name="Message">For the caller's eyes. Holds no prompt text, no key, no address of ours.</param>
/// <param name="Param">JSON path of the value at fault (<c>input[2].content[0].type</c>), or null.</param>
public sealed record ApiError(ErrorCode Code, string Message, string? Param = null)
{
    /// <summary>When to ask again; null when nothing is known, or when it would be in vain.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The limit that was reached, when one was.</summary>
    public RateLimitDetail? RateLimit { get; init; }

    /// <summary>Status, type and wire code.</summary>
    public ErrorShape Shape => ErrorTable.Of(Code);
}
