namespace Mka1.Edge.Responses;

/// <summary>Turns a body into a request, or says what is wrong with it. Never throws, whatever the bytes.</summary>
public static class RequestParser
{
    /// <summary>Parses the body of <c>POST /responses</c>. The result keeps pointing into <paramref name="body"/>.</summary>
    /// <param name="body">The bytes as received; they must not change while the request is in use.</param>
    /// <param name="limits">Bounds on size and shape.</param>
    /// <param name="defaults">What absent fields mean.</param>
    public static ParseResult<CreateResponseRequest> ParseCreate(
        ReadOnlyMemory<byte> body, RequestLimits? limits = null, RequestDefaults? defaults = null) => BodyParser.Parse(
            body,
            limits ?? RequestLimits.Default,
            (root, context) => CreateRequestReader.Read(root, body, context, defaults ?? RequestDefaults.Standard));

    /// <summary>Parses a body <c>{"metadata":{…}}</c>, which updates of responses and of conversations share.</summary>
    /// <param name="body">The bytes as received.</param>
    /// <param name="limits">Bounds on size and shape.</param>
    public static ParseResult<IReadOnlyDictionary<string, string>> ParseMetadataUpdate(ReadOnlyMemory<byte> body, RequestLimits? limits = null) =>
        BodyParser.Parse(body, limits ?? RequestLimits.Default, static (root, context) => MetadataParser.Required(root, context));

    /// <summary>Parses metadata that stands alone, as in a query.</summary>
    /// <param name="json">One JSON object.</param>
    /// <param name="limits">Bounds on size and shape.</param>
    public static ParseResult<IReadOnlyDictionary<string, string>> ParseMetadata(ReadOnlyMemory<byte> json, RequestLimits? limits = null) =>
        BodyParser.Parse(json, limits ?? RequestLimits.Default, static (root, context) => MetadataParser.Pairs(root, new FieldReader(root, context)));
}
