using System.Diagnostics;

namespace Mka1.Edge.ModelServer.Tracing;

/// <summary>A span for each request that is sent to the model, where spans are wanted; probes and scrapes get none.</summary>
internal sealed class TracingMiddleware(RequestDelegate next, AnswerTracing tracing)
{
    public Task InvokeAsync(HttpContext context) =>
        tracing.IsOn && HttpMethods.IsPost(context.Request.Method) ? TraceAsync(context) : next(context);

    private async Task TraceAsync(HttpContext context)
    {
        using var span = tracing.Begin(context.Request);
        await next(context);
        if (span is not { IsAllDataRequested: true }) return;
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/');
        span.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} {route}";
        span.SetTag("http.request.method", context.Request.Method).SetTag("http.route", route).SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError) span.SetStatus(ActivityStatusCode.Error);
    }
}
