using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>The way of every body: strict JSON first, then the rules of its fields. Never throws, whatever the bytes.</summary>
internal static class BodyParser
{
    /// <param name="body">The bytes as received; they must not change while the result is in use.</param>
    /// <param name="limits">Bounds on size and shape.</param>
    /// <param name="read">Reads the root object; faults go to the context.</param>
    public static ParseResult<T> Parse<T>(ReadOnlyMemory<byte> body, RequestLimits limits, Func<JsonElement, ParseContext, T> read)
    {
        if (StrictJson.Check(body.Span, limits) is { } fault) return new ParseResult<T>.Refused(Describe(body.Span, fault));

        // Not disposed: the result's elements outlive this call, so the document's index goes to the garbage collector.
        var root = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = limits.MaxDepth }).RootElement;
        var context = new ParseContext(new FaultLog(body), limits);
        var result = read(root, context);
        return context.Faults.First() is { } error ? new ParseResult<T>.Refused(error) : new ParseResult<T>.Parsed(result);
    }

    private static ApiError Describe(ReadOnlySpan<byte> body, JsonFault fault) => fault.IsLocated
        ? FaultLog.Describe(ErrorCode.InvalidJson, JsonPaths.At(body, fault.Offset), fault.Message)
        : new ApiError(ErrorCode.InvalidJson, fault.Message);
}
