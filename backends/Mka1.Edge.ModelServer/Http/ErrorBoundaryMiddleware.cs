using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Http;

/// <summary>Gives every failure the envelope: what an endpoint threw, and what routing answered with a bare status.</summary>
internal sealed class ErrorBoundaryMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller left: there is nobody to tell.
            return;
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await ErrorAnswer.WriteAsync(context, Describe(e));
            return;
        }
        catch (IOException) when (!context.Response.HasStarted)
        {
            // The connection broke while the body came, or its chunks are no chunks.
            await ErrorAnswer.WriteAsync(context, new(ErrorCode.InvalidJson, "The body broke off. Send it again, whole."));
            return;
        }
        catch (Exception e)
        {
            ErrorAnswer.Logger(context).RequestFailed(e, context.TraceIdentifier);
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            context.Response.Clear();
            RequestIdMiddleware.Echo(context);
            await ErrorAnswer.WriteAsync(context, new(ErrorCode.ServerError, "The server failed. Send the request again."));
            return;
        }

        if (!context.Response.HasStarted && OfBareStatus(context) is { } error)
            await ErrorAnswer.WriteAsync(context, error);
    }

    private static ApiError Describe(BadHttpRequestException e) => e.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => new(ErrorCode.BodyTooLarge, "The request is larger than this server takes. Shorten the input."),
        StatusCodes.Status408RequestTimeout => new(ErrorCode.RequestTimeout, "The request came too slowly. Send it again."),
        _ => new(ErrorCode.InvalidJson, "The request ended before its body was whole. Send it again."),
    };

    private static ApiError? OfBareStatus(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new(ErrorCode.NotFound, "There is no such address here. Models: GET /v1/models. Answers: POST /v1/responses."),
        StatusCodes.Status405MethodNotAllowed => new(ErrorCode.MethodNotAllowed, $"This address does not take {context.Request.Method}. The Allow header says what it takes."),
        _ => null,
    };
}
