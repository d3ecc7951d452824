using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Gateway.Identity;

/// <summary>Says of routes which scope they are in.</summary>
internal static class Scopes
{
    /// <summary>Where routes of <paramref name="scope"/> are to be mapped.</summary>
    public static RouteGroupBuilder Of(this IEndpointRouteBuilder api, EndpointScope scope) => api.MapGroup("").WithMetadata(scope);
}
