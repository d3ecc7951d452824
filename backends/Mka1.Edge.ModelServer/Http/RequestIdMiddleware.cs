using System.Buffers;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Http;

/// <summary>Names every request, by the caller's own <c>x-request-id</c> if it is well-formed, and says the name in the answer.</summary>
internal sealed class RequestIdMiddleware(RequestDelegate next)
{
    private const string Header = "x-request-id";
    private const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers[Header];
        context.TraceIdentifier = given is [{ Length: > 0 and <= MaxLength } id] && !id.AsSpan().ContainsAnyExcept(Allowed)
            ? id
            : ResponseIds.New("req_");
        Echo(context);
        return next(context);
    }

    /// <summary>Puts the name into the answer's headers.</summary>
    public static void Echo(HttpContext context) => context.Response.Headers[Header] = context.TraceIdentifier;
}
