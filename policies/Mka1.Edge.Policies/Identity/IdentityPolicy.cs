namespace Mka1.Edge.Policies.Identity;

/// <summary>Decides who the caller is from the grant its key led to and from <c>X-On-Behalf-Of</c>.</summary>
public static class IdentityPolicy
{
    private const string UnknownKey = "The API key is not valid. Send 'Authorization: Bearer mk-...' with a current key of your tenant.";

    /// <param name="grant">The grant of the key that was sent; null when no key, or no known key, was sent.</param>
    /// <param name="onBehalfOf">What the header says.</param>
    /// <param name="now">The present instant.</param>
    public static IdentityDecision Decide(KeyGrant? grant, OnBehalfOf onBehalfOf, DateTimeOffset now)
    {
        if (grant is null || grant.ExpiresAt <= now) return new IdentityDecision.Unauthenticated(UnknownKey);

        return onBehalfOf switch
        {
            OnBehalfOf.Malformed malformed => new IdentityDecision.Malformed(malformed.Reason),
            OnBehalfOf.User when grant.OnBehalfOf == OnBehalfOfRule.Forbidden =>
                new IdentityDecision.Forbidden("This API key may not act for end users. Leave X-On-Behalf-Of out, or use a key that may."),
            OnBehalfOf.Absent when grant.OnBehalfOf == OnBehalfOfRule.Required =>
                new IdentityDecision.Malformed("This API key acts for end users only. Send X-On-Behalf-Of with the end user's id."),
            OnBehalfOf.User user => new IdentityDecision.Accepted(new Caller(grant, user.Id)),
            _ => new IdentityDecision.Accepted(new Caller(grant, null)),
        };
    }
}
