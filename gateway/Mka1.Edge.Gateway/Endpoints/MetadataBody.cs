using System.Text.Json;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>Metadata on its way between a body and a store, which holds it as a JSON object.</summary>
internal static class MetadataBody
{
    /// <summary>The metadata in a body <c>{"metadata":{…}}</c>; null when the refusal has been sent.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpContext http)
    {
        // No conditional expression: in one, null would become empty memory by way of an array.
        if (await EndpointBody.ReadAsync(http, static body => RequestParser.ParseMetadataUpdate(body)) is not { } metadata) return default;
        return ToBytes(metadata);
    }

    public static byte[] ToBytes(IReadOnlyDictionary<string, string> metadata) =>
        JsonSerializer.SerializeToUtf8Bytes(metadata, ResponsesJson.Wire.IReadOnlyDictionaryStringString);

    public static IReadOnlyDictionary<string, string> Of(ReadOnlyMemory<byte> stored) =>
        JsonSerializer.Deserialize(stored.Span, ResponsesJson.Wire.IReadOnlyDictionaryStringString)!;
}
