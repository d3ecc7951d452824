using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;
using Microsoft.AspNetCore.Http.Features;

namespace Mka1.Edge.Gateway.Ingress;

/// <summary>Stage 1: gives every request its id and its configuration, and sees that every fault leaves in the one envelope.</summary>
internal sealed class IngressMiddleware(RequestDelegate next, EdgeConfiguration configuration, TimeProvider clock, ILogger<IngressMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var edge = new EdgeRequest(RequestIds.Choose(http.Request.Headers[RequestIds.Header]), configuration.Current, clock.GetTimestamp());
        http.Features.Set(edge);
        http.Response.Headers[RequestIds.Header] = edge.RequestId;

        // Kestrel has the limit that counted at the start.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = edge.Snapshot.Config.Limits.MaxRequestBytes;

        if (FramingGuard.Check(http.Request) is { } framing)
        {
            http.Response.Headers.Connection = "close";
            await http.RefuseAsync(framing);
            return;
        }

        try
        {
            await next(http);
            if (!http.Response.HasStarted && UnansweredStatus(http) is { } error) await http.RefuseAsync(error);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            logger.ClientGone(edge.RequestId);
        }
        catch (ClientStalledException)
        {
            logger.ClientGone(edge.RequestId);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await http.RefuseAsync(OfTransport(e, edge.Snapshot.Config.Limits));
        }
        catch (StoreUnavailableException e) when (!http.Response.HasStarted)
        {
            logger.StoreUnavailable(e.Store, edge.RequestId);
            await http.RefuseAsync(new ApiError(ErrorCode.StoreUnavailable, "State cannot be read or written now. Retry shortly."));
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            logger.Unhandled(edge.RequestId, e);
            await http.RefuseAsync(new ApiError(ErrorCode.ServerError, $"The gateway failed. Retry, and quote request id {edge.RequestId} if it persists."));
        }
        catch (Exception e)
        {
            // The status has left: a cut connection is the only honest signal that remains.
            logger.Unhandled(edge.RequestId, e);
            http.Abort();
        }
    }

    private static ApiError? UnansweredStatus(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new ApiError(ErrorCode.NotFound, "Nothing is served at this address. See the API's documentation for what is."),
        StatusCodes.Status405MethodNotAllowed => new ApiError(ErrorCode.MethodNotAllowed, "This address does not serve that method; see the Allow header."),
        StatusCodes.Status415UnsupportedMediaType => new ApiError(ErrorCode.UnsupportedMediaType, "Send the body as application/json."),
        _ => null,
    };

    private static ApiError OfTransport(BadHttpRequestException e, LimitsConfig limits) => e.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => RequestBody.TooLarge(limits.MaxRequestBytes),
        StatusCodes.Status408RequestTimeout => new ApiError(ErrorCode.RequestTimeout, "The request body came too slowly."),
        _ => new ApiError(ErrorCode.InvalidValue, "The request is not well-formed HTTP."),
    };
}
