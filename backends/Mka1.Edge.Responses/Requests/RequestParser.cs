namespace Mka1.Edge.Responses;

/// <summary>Turns a body into a request, or says what is wrong with it. Never throws, whatever the bytes.</summary>
public static class RequestParser
{
    /// <summary>Parses the body of <c>POST /responses</c>. The result keeps pointing into <paramref name="body"/>.</summary>
    public static ParseResult<CreateResponseRequest> ParseCreate(
        ReadOnlyMemory<byte> body, RequestLimits? limits = null, RequestDefaults? defaults = null) =>
        throw new NotSupportedException();

    /// <summary>Parses the body of <c>POST /responses/input_tokens</c>: the rules of create hold.</summary>
    public static ParseResult<CreateResponseRequest> ParseInputTokens(
        ReadOnlyMemory<byte> body, RequestLimits? limits = null, RequestDefaults? defaults = null) =>
        ParseCreate(body, limits, defaults);
}
