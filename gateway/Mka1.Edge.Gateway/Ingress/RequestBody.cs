using System.Buffers;
using System.IO.Pipelines;
using Mka1.Edge.Responses;
using Microsoft.AspNetCore.Connections;

namespace Mka1.Edge.Gateway.Ingress;

/// <summary>Reads a JSON body once, whole and bounded.</summary>
internal static class RequestBody
{
    private static readonly ApiError Broken = new(ErrorCode.InvalidValue, "The body broke off, or its framing is not well-formed HTTP.");

    /// <summary>The body's bytes.</summary>
    public readonly record struct Result(ReadOnlyMemory<byte> Bytes, ApiError? Error);

    public static async ValueTask<Result> ReadAsync(HttpRequest request, long maxBytes, CancellationToken cancellation)
    {
        if (MediaTypeFault(request) is { } fault) return new Result(default, fault);
        if (request.ContentLength > maxBytes) return LeftUnread(request, maxBytes);

        var reader = request.BodyReader;
        while (true)
        {
            ReadResult read;
            try
            {
                read = await reader.ReadAsync(cancellation);
            }
            catch (ConnectionResetException)
            {
                // Nobody is left to answer, and Kestrel is not to wait for the rest of a body that will never come.
                request.HttpContext.Abort();
                return new Result(default, Broken);
            }
            catch (IOException e) when (e is not BadHttpRequestException)
            {
                // Kestrel's way of reporting a chunk size that fits no number.
                return new Result(default, Broken);
            }

            if (read.Buffer.Length > maxBytes) return LeftUnread(request, maxBytes);
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return new Result(bytes, null);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Kestrel cuts a connection whose body it does not get to its end: a client that is not told would send its next request there.</summary>
    private static Result LeftUnread(HttpRequest request, long maxBytes)
    {
        request.HttpContext.Response.Headers.Connection = "close";
        return new Result(default, TooLarge(maxBytes));
    }

    public static ApiError TooLarge(long maxBytes) =>
        new(ErrorCode.BodyTooLarge, $"The body is larger than {maxBytes} bytes. Send less, or refer to files by id.");

    private static ApiError? MediaTypeFault(HttpRequest request)
    {
        if (!request.HasJsonContentType())
            return new ApiError(ErrorCode.UnsupportedMediaType, "Send the body with 'Content-Type: application/json'.");
        if (request.Headers.ContentEncoding.Count > 0)
            return new ApiError(ErrorCode.UnsupportedMediaType, "Compressed bodies are not taken: leave Content-Encoding out.");
        var charset = request.GetTypedHeaders().ContentType?.Charset.Value?.Trim('"');
        return charset is null || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? null
            : new ApiError(ErrorCode.UnsupportedMediaType, "JSON is sent as UTF-8: leave the charset out or set it to utf-8.");
    }
}
