using System.Diagnostics;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Responses;
using Microsoft.Extensions.Primitives;

namespace Mka1.Edge.Gateway.Identity;

/// <summary>Stage 2: bearer key to tenant, key and end user, and what of the API it may use. Everything needs a key but the routes marked open.</summary>
internal sealed class IdentityMiddleware(RequestDelegate next, KeyDirectory keys, DelegatedKeys delegated, TimeProvider clock)
{
    private const string Scheme = "Bearer ";

    private static readonly ApiError NotReadYet = new(ErrorCode.StoreUnavailable, "Keys cannot be read now, so yours can neither be accepted nor refused. Retry shortly.");

    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<OpenRoute>() is not null) return next(http);

        var authorization = http.Request.Headers.Authorization;
        if (authorization.Count > 1)
            return http.RefuseAsync(new ApiError(ErrorCode.InvalidValue, "Authorization may be sent once only."));

        var ring = keys.Ring;
        var value = Value(authorization);
        if (DelegatedKeys.IsMeant(value))
        {
            // A key that was seen before takes no detour.
            var verified = delegated.FindAsync(ring, value);
            return verified.IsCompletedSuccessfully ? GoOnAsync(http, ring, verified.Result) : WaitAsync(http, ring, verified);
        }

        // Before all keys have been read, nobody can say of a well-formed one that it is not valid.
        var key = ring.Find(value);
        return key is null && !ring.IsComplete && ApiKeyFormat.IsWellFormed(value) ? http.RefuseAsync(NotReadYet) : DecideAsync(http, key, null);
    }

    private async Task WaitAsync(HttpContext http, KeyRing ring, ValueTask<VerifiedKey?> verified) => await GoOnAsync(http, ring, await verified);

    private Task GoOnAsync(HttpContext http, KeyRing ring, VerifiedKey? verified) =>
        verified is null && !ring.IsComplete ? http.RefuseAsync(NotReadYet) : DecideAsync(http, verified?.Entry, verified?.Delegation);

    private Task DecideAsync(HttpContext http, KeyRingEntry? key, Delegation? delegation)
    {
        var edge = http.Edge();
        edge.Key = key;
        var onBehalfOf = OnBehalfOf.Read(http.Request.Headers[OnBehalfOf.Header]);
        var endpoint = http.GetEndpoint()?.Metadata.GetMetadata<EndpointScope>();
        switch (IdentityPolicy.Decide(key?.Grant, onBehalfOf, clock.GetUtcNow(), delegation, endpoint))
        {
            case IdentityDecision.Accepted accepted:
                edge.Caller = accepted.Caller;
                return next(http);
            case IdentityDecision.Unauthenticated unauthenticated:
                return http.RefuseAsync(new ApiError(ErrorCode.InvalidApiKey, unauthenticated.Reason));
            case IdentityDecision.Forbidden forbidden:
                return http.RefuseAsync(new ApiError(ErrorCode.PermissionDenied, forbidden.Reason, forbidden.Param));
            case IdentityDecision.Malformed malformed:
                return http.RefuseAsync(new ApiError(ErrorCode.InvalidValue, malformed.Reason, OnBehalfOf.Header));
            default:
                throw new UnreachableException();
        }
    }

    private static ReadOnlySpan<char> Value(StringValues authorization) =>
        authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? value.AsSpan(Scheme.Length) : default;
}
