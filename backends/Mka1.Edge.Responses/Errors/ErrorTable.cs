using System.Diagnostics;

namespace Mka1.Edge.Responses;

/// <summary>The one table from error code to status, type and wire code (contract.md G.6).</summary>
public static class ErrorTable
{
    private const string InvalidRequest = "invalid_request_error";

    /// <summary>The row of one code.</summary>
    public static ErrorShape Of(ErrorCode code) => code switch
    {
        ErrorCode.InvalidJson => new(400, InvalidRequest, "invalid_json"),
        ErrorCode.InvalidValue => new(400, InvalidRequest, "invalid_value"),
        ErrorCode.InvalidType => new(400, InvalidRequest, "invalid_type"),
        ErrorCode.MissingRequiredParameter => new(400, InvalidRequest, "missing_required_parameter"),
        ErrorCode.UnsupportedParameter => new(400, InvalidRequest, "unsupported_parameter"),
        ErrorCode.UnsupportedTool => new(400, InvalidRequest, "unsupported_tool"),
        ErrorCode.PreviousResponseNotFound => new(400, InvalidRequest, "previous_response_not_found"),
        ErrorCode.ContextLengthExceeded => new(400, InvalidRequest, "context_length_exceeded"),
        ErrorCode.InvalidPrompt => new(400, InvalidRequest, "invalid_prompt"),
        ErrorCode.InvalidApiKey => new(401, "authentication_error", "invalid_api_key"),
        ErrorCode.PermissionDenied => new(403, "permission_error", "permission_denied"),
        ErrorCode.SafetyBlocked => new(403, "permission_error", "safety_blocked"),
        ErrorCode.NotFound => new(404, "not_found_error", "not_found"),
        ErrorCode.ModelNotFound => new(404, InvalidRequest, "model_not_found"),
        ErrorCode.MethodNotAllowed => new(405, InvalidRequest, "method_not_allowed"),
        ErrorCode.RequestTimeout => new(408, InvalidRequest, "request_timeout"),
        ErrorCode.InvalidState => new(400, InvalidRequest, "invalid_state"),
        ErrorCode.IdempotencyKeyReused => new(422, InvalidRequest, "idempotency_key_reused"),
        ErrorCode.InvalidWebhookUrl => new(400, InvalidRequest, "invalid_webhook_url"),
        ErrorCode.BodyTooLarge => new(413, "request_too_large", "body_too_large"),
        ErrorCode.UnsupportedMediaType => new(415, InvalidRequest, "unsupported_media_type"),
        ErrorCode.RateLimitExceeded => new(429, "rate_limit_error", "rate_limit_exceeded"),
        ErrorCode.InsufficientQuota => new(429, "rate_limit_error", "insufficient_quota"),
        ErrorCode.ServerError => new(500, "server_error", "server_error"),
        ErrorCode.UpstreamError => new(502, "server_error", "upstream_error"),
        ErrorCode.NoBackendAvailable => new(503, "server_error", "no_backend_available"),
        ErrorCode.Overloaded => new(503, "server_error", "overloaded"),
        ErrorCode.StoreUnavailable => new(503, "server_error", "store_unavailable"),
        ErrorCode.RunInterrupted => new(503, "server_error", "run_interrupted"),
        ErrorCode.UpstreamTimeout => new(504, "server_error", "upstream_timeout"),
        _ => throw new UnreachableException(),
    };
}
