using System.Diagnostics;
using Mka1.Edge.Gateway.Ingress;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;
using Microsoft.AspNetCore.Http.Features;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>Reads and parses the body of a small endpoint, and sends the refusal when it is not what it should be.</summary>
internal static class EndpointBody
{
    /// <summary>What the body says; null when the refusal has been sent. A request without a body is parsed as no bytes.</summary>
    public static async ValueTask<T?> ReadAsync<T>(HttpContext http, Func<ReadOnlyMemory<byte>, ParseResult<T>> parse)
        where T : class
    {
        var body = default(RequestBody.Result);
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false && http.Request.ContentLength != 0)
            body = await RequestBody.ReadAsync(http.Request, http.Edge().Snapshot.Config.Limits.MaxRequestBytes, http.RequestAborted);
        if (body.Error is { } broken)
        {
            await http.RefuseAsync(broken);
            return null;
        }

        switch (parse(body.Bytes))
        {
            case ParseResult<T>.Parsed parsed:
                return parsed.Request;
            case ParseResult<T>.Refused refused:
                await http.RefuseAsync(refused.Error);
                return null;
            default:
                throw new UnreachableException();
        }
    }
}
