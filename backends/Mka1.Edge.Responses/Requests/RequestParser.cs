using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Turns a body into a request, or says what is wrong with it. Never throws, whatever the bytes.</summary>
public static class RequestParser
{
    /// <summary>Parses the body of <c>POST /responses</c>. The result keeps pointing into <paramref name="body"/>.</summary>
    /// <param name="body">The bytes as received; they must not change while the request is in use.</param>
    /// <param name="limits">Bounds on size and shape.</param>
    /// <param name="defaults">What absent fields mean.</param>
    public static ParseResult<CreateResponseRequest> ParseCreate(
        ReadOnlyMemory<byte> body, RequestLimits? limits = null, RequestDefaults? defaults = null)
    {
        limits ??= RequestLimits.Default;
        if (StrictJson.Check(body.Span, limits) is { } fault)
            return new ParseResult<CreateResponseRequest>.Refused(Describe(body.Span, fault));

        // Not disposed: the request's elements outlive this call, so the document's index goes to the garbage collector.
        var root = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = limits.MaxDepth }).RootElement;
        var context = new ParseContext(new FaultLog(body), limits);
        var request = CreateRequestReader.Read(root, body, context, defaults ?? RequestDefaults.Standard);
        return context.Faults.First() is { } error
            ? new ParseResult<CreateResponseRequest>.Refused(error)
            : new ParseResult<CreateResponseRequest>.Parsed(request);
    }

    private static ApiError Describe(ReadOnlySpan<byte> body, JsonFault fault) => fault.IsLocated
        ? FaultLog.Describe(ErrorCode.InvalidJson, JsonPaths.At(body, fault.Offset), fault.Message)
        : new ApiError(ErrorCode.InvalidJson, fault.Message);
}
