using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Mka1.Edge.Gateway.Quota;

/// <summary>Puts quotas into the pipeline: request rate and concurrency through ASP.NET Core's rate limiting, tokens and cost through a stage of runs.</summary>
internal static class RequestQuota
{
    public static IServiceCollection AddQuota(this IServiceCollection services)
    {
        services.AddSingleton<QuotaShares>();
        services.AddSingleton<RequestLimiter>();
        services.AddSingleton<TokenEstimates>();
        services.AddSingleton<RunQuota>();
        services.AddHostedService<QuotaKeeper>();
        services.AddRateLimiter(_ => { });
        services.AddSingleton<IConfigureOptions<RateLimiterOptions>>(provider => new ConfigureOptions<RateLimiterOptions>(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.GlobalLimiter = provider.GetRequiredService<RequestLimiter>();
            options.OnRejected = static (context, _) => new ValueTask(context.HttpContext.RefuseAsync(Refusal(context)));
        }));
        return services;
    }

    private static ApiError Refusal(OnRejectedContext context) =>
        context.Lease.TryGetMetadata(RequestLease.Refusal, out var refusal) && refusal is not null
            ? refusal
            : new ApiError(ErrorCode.RateLimitExceeded, "Rate limit exceeded. Retry shortly.");
}
