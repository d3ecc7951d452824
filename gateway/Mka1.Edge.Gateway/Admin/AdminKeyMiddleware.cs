using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Identity;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>Lets in whoever holds the operators' key, and everybody to routes that say so. A tenant's key is none.</summary>
internal sealed class AdminKeyMiddleware(RequestDelegate next, string keyHash)
{
    private const string Scheme = "Bearer ";

    private readonly KeyHash _hash = KeyHash.TryParse(keyHash, out var hash) ? hash : throw new ArgumentException("Not a hash.", nameof(keyHash));

    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<OpenRoute>() is not null || IsOperator(http.Request)) return next(http);
        return http.RefuseAsync(new ApiError(ErrorCode.InvalidApiKey, "Send the operators' key: Authorization: Bearer …"));
    }

    private bool IsOperator(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && KeyHash.Of(ApiKeyFormat.Hash(value.AsSpan(Scheme.Length).Trim())).Matches(_hash);
}
