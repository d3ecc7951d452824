using System.Globalization;
using Mka1.Edge.ModelServer.Tracing;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Http;

/// <summary>Answers a request with an error envelope.</summary>
internal static class ErrorAnswer
{
    /// <summary>Seconds after which a refusal for want of room is worth another try.</summary>
    private const int RetryAfter = 1;

    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        var response = context.Response;
        var shape = error.Shape;
        response.StatusCode = shape.Status;
        response.ContentType = "application/json";
        switch (error.Code)
        {
            case ErrorCode.Overloaded:
                response.Headers.RetryAfter = RetryAfter.ToString(CultureInfo.InvariantCulture);
                break;
            case ErrorCode.InvalidApiKey:
                response.Headers.WWWAuthenticate = "Bearer";
                break;
        }

        Logger(context).Refused(context.TraceIdentifier, shape.Status, shape.Code, error.Param);
        context.RequestServices.GetRequiredService<AnswerTracing>().Refused(shape.Code);
        var body = ErrorWriter.ToBytes(error);
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    internal static ILogger Logger(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Mka1.Edge.ModelServer.Http");
}
