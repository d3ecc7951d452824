using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Gateway.Pipeline;

/// <summary>Finds the <see cref="EdgeRequest"/> of an <see cref="HttpContext"/>.</summary>
internal static class EdgeRequestFeature
{
    /// <summary>The request's facts. Present from the Ingress stage on.</summary>
    public static EdgeRequest Edge(this HttpContext http) => http.Features.Get<EdgeRequest>() ?? throw new InvalidOperationException("The request has not passed Ingress.");

    /// <summary>The caller. Present on every route behind the Identity stage.</summary>
    public static Caller Caller(this HttpContext http) =>
        http.Edge().Caller ?? throw new InvalidOperationException("The route is open: it has no caller.");
}
