namespace Mka1.Edge.Policies.Identity;

/// <summary>Whether a key may, must or must not act for an end user.</summary>
public enum OnBehalfOfRule
{
    /// <summary>The header may be sent.</summary>
    Allowed,

    /// <summary>A request without the header is refused.</summary>
    Required,

    /// <summary>A request with the header is refused.</summary>
    Forbidden,
}
