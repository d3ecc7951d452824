namespace Mka1.Edge.Security.Tests.Leaks;

/// <summary>What a canary stands for.</summary>
internal enum CanaryKind
{
    /// <summary>What a caller wrote for a model: input, instructions, items, templates, tool descriptions, metadata.</summary>
    Prompt,

    /// <summary>What a model said.</summary>
    Output,

    /// <summary>Who a caller acts for: <c>X-On-Behalf-Of</c>.</summary>
    EndUser,

    /// <summary>Members by which a caller names its user: <c>user</c>, <c>safety_identifier</c>, <c>prompt_cache_key</c>.</summary>
    Identifier,

    IdempotencyKey,

    /// <summary>An API key, good or bad, in any place where a client might put one.</summary>
    Key,

    WebhookSecret,

    /// <summary>The path and query of a webhook's target.</summary>
    WebhookAddress,

    /// <summary>What a model server said of its own fault.</summary>
    UpstreamFault,
}
