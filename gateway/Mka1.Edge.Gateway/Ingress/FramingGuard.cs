using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Ingress;

/// <summary>
/// Refuses requests whose framing two parsers could read in two ways. Kestrel accepts these; nothing behind the gateway ever
/// sees them, and neither should anything in front of it be able to use them (RFC 9112 section 6.1).
/// </summary>
internal static class FramingGuard
{
    /// <summary>The name under which Kestrel hands on a Content-Length that came together with Transfer-Encoding.</summary>
    private const string ContentLengthBesideTransferEncoding = "X-Content-Length";

    /// <summary>The fault in the request's framing or method; null when there is none.</summary>
    public static ApiError? Check(HttpRequest request)
    {
        if (HttpMethods.IsTrace(request.Method) || HttpMethods.IsConnect(request.Method))
            return new ApiError(ErrorCode.MethodNotAllowed, "TRACE and CONNECT are not served here.");

        var transferEncoding = request.Headers.TransferEncoding;
        if (transferEncoding.Count == 0) return null;

        if (transferEncoding is not [{ } only] || !only.Equals("chunked", StringComparison.OrdinalIgnoreCase))
            return new ApiError(ErrorCode.InvalidValue, "Transfer-Encoding may be 'chunked' alone.");
        if (request.ContentLength is not null || request.Headers.ContainsKey(ContentLengthBesideTransferEncoding))
            return new ApiError(ErrorCode.InvalidValue, "A request carries Content-Length or Transfer-Encoding, not both.");
        return null;
    }
}
