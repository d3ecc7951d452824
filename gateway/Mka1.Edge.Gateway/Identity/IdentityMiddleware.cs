using System.Diagnostics;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Responses;
using Microsoft.Extensions.Primitives;

namespace Mka1.Edge.Gateway.Identity;

/// <summary>Stage 2: bearer key to tenant, key and end user. Everything needs a key but the routes marked open.</summary>
internal sealed class IdentityMiddleware(RequestDelegate next, TimeProvider clock)
{
    private const string Scheme = "Bearer ";

    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<OpenRoute>() is not null) return next(http);

        var edge = http.Edge();
        var authorization = http.Request.Headers.Authorization;
        if (authorization.Count > 1)
            return http.RefuseAsync(new ApiError(ErrorCode.InvalidValue, "Authorization may be sent once only."));

        edge.Key = FindKey(edge.Snapshot.Keys, authorization);
        var onBehalfOf = OnBehalfOf.Read(http.Request.Headers["X-On-Behalf-Of"]);
        switch (IdentityPolicy.Decide(edge.Key?.Grant, onBehalfOf, clock.GetUtcNow()))
        {
            case IdentityDecision.Accepted accepted:
                edge.Caller = accepted.Caller;
                return next(http);
            case IdentityDecision.Unauthenticated unauthenticated:
                return http.RefuseAsync(new ApiError(ErrorCode.InvalidApiKey, unauthenticated.Reason));
            case IdentityDecision.Forbidden forbidden:
                return http.RefuseAsync(new ApiError(ErrorCode.PermissionDenied, forbidden.Reason, "X-On-Behalf-Of"));
            case IdentityDecision.Malformed malformed:
                return http.RefuseAsync(new ApiError(ErrorCode.InvalidValue, malformed.Reason, "X-On-Behalf-Of"));
            default:
                throw new UnreachableException();
        }
    }

    private static KeyRingEntry? FindKey(KeyRing keys, StringValues authorization) =>
        authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? keys.Find(value.AsSpan(Scheme.Length))
            : null;
}
