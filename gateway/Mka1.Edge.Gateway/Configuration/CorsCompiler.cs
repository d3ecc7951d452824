using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Responses;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Compiles the section <c>cors</c>.</summary>
internal static class CorsCompiler
{
    /// <summary>Headers of answers that a page may read beside those it always may.</summary>
    private static readonly string[] Exposed =
    [
        RequestIds.Header, SafetyHeader.Name, "Retry-After", "x-should-retry",
        .. from kind in new[] { "limit", "remaining", "reset" }
           from what in new[] { "requests", "tokens" }
           select $"x-ratelimit-{kind}-{what}",
    ];

    /// <summary>The policy; null when no page may call.</summary>
    public static CorsPolicy? Of(CorsConfig cors)
    {
        if (cors.Origins.Count == 0) return null;
        var policy = new CorsPolicyBuilder([.. cors.Origins])
            .AllowAnyHeader()
            .AllowAnyMethod()
            .WithExposedHeaders(Exposed)
            .SetPreflightMaxAge(TimeSpan.FromSeconds(cors.MaxAgeSeconds));
        return (cors.Credentials ? policy.AllowCredentials() : policy.DisallowCredentials()).Build();
    }
}
