using System.Net.Http.Headers;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Http;

/// <summary>Reads the body of a request. Kestrel bounds its size and its slowness.</summary>
internal static class JsonBody
{
    // What a caller claims to send is not what it sends: memory is taken as bytes come.
    private const int MaxInitialCapacity = 64 << 10;

    /// <summary>What is wrong with the body's declared type, or null.</summary>
    public static ApiError? TypeFault(HttpRequest request)
    {
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && "application/json".Equals(type.MediaType, StringComparison.OrdinalIgnoreCase)
            && (type.CharSet is null || type.CharSet.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        return new(ErrorCode.UnsupportedMediaType, "Send JSON in UTF-8, with Content-Type: application/json.");
    }

    /// <summary>The whole body.</summary>
    /// <exception cref="BadHttpRequestException">It is too large, too slow or cut off.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream((int)Math.Clamp(request.ContentLength ?? 0, 0, MaxInitialCapacity));
        await request.Body.CopyToAsync(body, cancellationToken);
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
