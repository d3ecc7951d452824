namespace Mka1.Edge.Policies.Identity;

/// <summary>Decides who the caller is, and whether it may use the endpoint, from the grant its key led to and from <c>X-On-Behalf-Of</c>.</summary>
public static class IdentityPolicy
{
    private const string UnknownKey = "The API key is not valid. Send 'Authorization: Bearer mk-...' with a current key of your tenant.";

    /// <param name="grant">The grant of the key that was sent; null when no key, or no known key, was sent.</param>
    /// <param name="onBehalfOf">What the header says.</param>
    /// <param name="now">The present instant.</param>
    /// <param name="delegation">The delegated key that was sent in place of the key itself; null for none.</param>
    /// <param name="endpoint">What the request is for; null when it is for nothing that is there.</param>
    public static IdentityDecision Decide(
        KeyGrant? grant, OnBehalfOf onBehalfOf, DateTimeOffset now, Delegation? delegation = null, EndpointScope? endpoint = null)
    {
        if (grant is null || grant.ExpiresAt <= now || delegation?.ExpiresAt <= now) return new IdentityDecision.Unauthenticated(UnknownKey);
        if (onBehalfOf is OnBehalfOf.Malformed malformed) return new IdentityDecision.Malformed(malformed.Reason);

        var named = (onBehalfOf as OnBehalfOf.User)?.Id;
        if (delegation is not null && named is not null && named != delegation.EndUser)
            return new IdentityDecision.Forbidden("This delegated key acts for another end user. Leave X-On-Behalf-Of out, or send the one it was made for.", OnBehalfOf.Header);

        var user = delegation?.EndUser ?? named;
        if (user is not null && grant.OnBehalfOf == OnBehalfOfRule.Forbidden)
            return new IdentityDecision.Forbidden("This API key may not act for end users. Leave X-On-Behalf-Of out, or use a key that may.", OnBehalfOf.Header);
        if (user is null && grant.OnBehalfOf == OnBehalfOfRule.Required)
            return new IdentityDecision.Malformed("This API key acts for end users only. Send X-On-Behalf-Of with the end user's id.");
        return Refusal(grant, user, endpoint) ?? (IdentityDecision)new IdentityDecision.Accepted(new Caller(grant, user, delegation));
    }

    private static IdentityDecision.Forbidden? Refusal(KeyGrant grant, string? user, EndpointScope? endpoint)
    {
        if (endpoint is null) return null;
        if (grant.Lacks(endpoint) is { } scope)
            return new IdentityDecision.Forbidden($"This API key lacks the scope '{scope}'. Use a key that has it, or have an administrator of your tenant make one.");
        return endpoint.AdminOnly && user is not null
            ? new IdentityDecision.Forbidden("This endpoint is about the whole tenant. Leave X-On-Behalf-Of out.", OnBehalfOf.Header)
            : null;
    }
}
