namespace Mka1.Edge.Policies.Canary;

/// <summary>Which of a variant's pools a request goes to.</summary>
public enum RouteArm
{
    /// <summary>Its own.</summary>
    Main,

    /// <summary>The one on trial.</summary>
    Canary,

    /// <summary>Its own, because nothing of the one on trial can be reached.</summary>
    Fallback,
}
