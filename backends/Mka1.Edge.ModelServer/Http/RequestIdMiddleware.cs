using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Http;

/// <summary>Names every request, by the caller's own <c>x-request-id</c> if it is well-formed, and says the name in the answer.</summary>
internal sealed class RequestIdMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        context.TraceIdentifier = RequestIds.Choose(context.Request.Headers[RequestIds.Header]);
        Echo(context);
        return next(context);
    }

    /// <summary>Puts the name into the answer's headers.</summary>
    public static void Echo(HttpContext context) => context.Response.Headers[RequestIds.Header] = context.TraceIdentifier;
}
