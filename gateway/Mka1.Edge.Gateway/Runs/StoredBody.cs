using System.Globalization;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Responses;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>Makes new bodies of stored responses by changing what changes and leaving every other byte.</summary>
internal static class StoredBody
{
    private const string NoUsage =
        """{"input_tokens":0,"input_tokens_details":{"cached_tokens":0},"output_tokens":0,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":0}""";

    /// <summary>The response as its owner sees it: metadata changed later stands in place of what it began with.</summary>
    public static ReadOnlyMemory<byte> Seen(StoredResponse response) => response.Metadata is { } metadata
        ? JsonSplice.Apply(response.Body.Span, JsonEdit.Set("metadata", metadata))
        : response.Body;

    /// <summary>As it was when it was taken in for the background, whatever has become of it since.</summary>
    public static byte[] Queued(ReadOnlyMemory<byte> body) => JsonSplice.Apply(body.Span, JsonEdit.Set("status", "\"queued\""u8.ToArray()));

    /// <summary>Taken up by a worker.</summary>
    public static byte[] Started(ReadOnlyMemory<byte> body) => JsonSplice.Apply(body.Span, JsonEdit.Set("status", "\"in_progress\""u8.ToArray()));

    /// <summary>Cancelled by its owner.</summary>
    public static byte[] Cancelled(ReadOnlyMemory<byte> body, DateTimeOffset now) => JsonSplice.Apply(
        body.Span, JsonEdit.Set("status", "\"cancelled\""u8.ToArray()), CompletedAt(now), JsonEdit.Set("usage", Encoding.ASCII.GetBytes(NoUsage)));

    /// <summary>Ended by a fault.</summary>
    public static byte[] Failed(ReadOnlyMemory<byte> body, ApiError error, DateTimeOffset now)
    {
        var wire = ResponseError.From(error);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("code"u8, wire.Code);
            json.WriteString("message"u8, wire.Message);
            json.WriteString("type"u8, wire.Type);
            json.WriteString("param"u8, wire.Param);
            json.WriteEndObject();
        }

        return JsonSplice.Apply(body.Span, JsonEdit.Set("status", "\"failed\""u8.ToArray()), CompletedAt(now), JsonEdit.Set("error", buffer.ToArray()));
    }

    private static JsonEdit CompletedAt(DateTimeOffset now) =>
        JsonEdit.Set("completed_at", Encoding.ASCII.GetBytes(now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
}
