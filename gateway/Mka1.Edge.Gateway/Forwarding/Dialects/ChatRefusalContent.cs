using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Forwarding.Dialects;

/// <summary>The body of a chat server's refusal, with the field it names called as the Responses API calls it.</summary>
internal sealed class ChatRefusalContent(HttpContent chat) : HttpContent
{
    private const int MaxBody = 64 * 1024;

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
    {
        var body = await BoundedContent.ReadAsync(chat, MaxBody, cancellationToken) ?? [];
        return new MemoryStream(Renamed(body) ?? body, writable: false);
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await using var renamed = await CreateContentReadStreamAsync();
        await renamed.CopyToAsync(stream);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) chat.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The body with the names changed; null when it names nothing, or is not the usual envelope.</summary>
    private static byte[]? Renamed(byte[] body)
    {
        try
        {
            if (JsonNode.Parse(body) is not JsonObject root || root["error"] is not JsonObject error) return null;
            if (error["param"]?.GetValue<string>() is not { } param || error["message"]?.GetValue<string>() is not { } message) return null;
            var refusal = ChatErrorPaths.InResponses(new ApiError(ErrorCode.InvalidValue, message, param));
            (error["param"], error["message"]) = (refusal.Param, refusal.Message);
            return Encoding.UTF8.GetBytes(root.ToJsonString());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
