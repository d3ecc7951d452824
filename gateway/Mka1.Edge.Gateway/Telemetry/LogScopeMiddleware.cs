using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Pipeline;

namespace Mka1.Edge.Gateway.Telemetry;

/// <summary>Behind Ingress: every line that is logged on behalf of a request says its id. The trace's ids are the framework's to add.</summary>
internal sealed class LogScopeMiddleware(RequestDelegate next, ILogger<LogScopeMiddleware> logger)
{
    /// <summary>Puts it into the pipeline where lines are written with their scopes.</summary>
    public static void UseIfAsked(WebApplication app)
    {
        var telemetry = app.Services.GetRequiredService<EdgeConfiguration>().Current.Config.Telemetry;
        if (telemetry.LogFormat == LogFormat.Json || telemetry.OtlpLogs) app.UseMiddleware<LogScopeMiddleware>();
    }

    public async Task InvokeAsync(HttpContext http)
    {
        using var scope = logger.BeginScope(new KeyValuePair<string, object?>[] { new("RequestId", http.Edge().RequestId) });
        await next(http);
    }
}
