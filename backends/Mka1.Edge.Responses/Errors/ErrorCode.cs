namespace Mka1.Edge.Responses;

/// <summary>Everything a caller can be refused with. <see cref="ErrorTable"/> gives each its status, type and wire code.</summary>
public enum ErrorCode
{
    /// <summary>The body is not one strict JSON object.</summary>
    InvalidJson,

    /// <summary>A value has the right kind but is out of its range, length or set.</summary>
    InvalidValue,

    /// <summary>A value has the wrong JSON kind.</summary>
    InvalidType,

    /// <summary>A member the request cannot do without is absent.</summary>
    MissingRequiredParameter,

    /// <summary>A parameter that nothing here can honour.</summary>
    UnsupportedParameter,

    /// <summary>A tool that neither the pool nor the gateway can serve.</summary>
    UnsupportedTool,

    /// <summary>The response named by <c>previous_response_id</c> is not known to this caller.</summary>
    PreviousResponseNotFound,

    /// <summary>The input does not fit the context window and truncation is disabled.</summary>
    ContextLengthExceeded,

    /// <summary>The prompt was refused by a guardrail.</summary>
    InvalidPrompt,

    /// <summary>No key, or a key that is not valid.</summary>
    InvalidApiKey,

    /// <summary>The key is valid but may not do this.</summary>
    PermissionDenied,

    /// <summary>The caller was blocked for what its end user did.</summary>
    SafetyBlocked,

    /// <summary>Unknown, deleted or someone else's: the same answer for all three.</summary>
    NotFound,

    /// <summary>No pool serves the model.</summary>
    ModelNotFound,

    /// <summary>The path exists, the method does not.</summary>
    MethodNotAllowed,

    /// <summary>The client took too long to send its request.</summary>
    RequestTimeout,

    /// <summary>The request contradicts the state of what it is about, such as cancelling a foreground response.</summary>
    InvalidState,

    /// <summary>The <c>Idempotency-Key</c> was used before, with another request.</summary>
    IdempotencyKeyReused,

    /// <summary>The webhook's address is not one that may be called.</summary>
    InvalidWebhookUrl,

    /// <summary>The body is larger than the route allows.</summary>
    BodyTooLarge,

    /// <summary>The body is not <c>application/json</c>.</summary>
    UnsupportedMediaType,

    /// <summary>A quota window is used up; wait and retry.</summary>
    RateLimitExceeded,

    /// <summary>A budget is spent, or the request is larger than a limit will ever allow.</summary>
    InsufficientQuota,

    /// <summary>A fault of ours.</summary>
    ServerError,

    /// <summary>The model server answered with something that cannot be passed on.</summary>
    UpstreamError,

    /// <summary>No healthy model server serves the variant now.</summary>
    NoBackendAvailable,

    /// <summary>Every model server is at its bound.</summary>
    Overloaded,

    /// <summary>State cannot be read or written now.</summary>
    StoreUnavailable,

    /// <summary>The run broke off with its gateway: what was seen of it is all there is.</summary>
    RunInterrupted,

    /// <summary>The model server went silent.</summary>
    UpstreamTimeout,
}
