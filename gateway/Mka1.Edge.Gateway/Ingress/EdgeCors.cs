using Mka1.Edge.Gateway.Pipeline;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Mka1.Edge.Gateway.Ingress;

/// <summary>Which web pages may call, as the configuration says that the request came under; none when it says nothing.</summary>
internal sealed class EdgeCors : ICorsPolicyProvider
{
    public Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName) => Task.FromResult(context.Edge().Snapshot.Cors);
}
