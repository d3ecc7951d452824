using System.Net;
using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Forwarding.Dialects;

/// <summary>The body of a chat server's answer as the Responses API would have it: events as they come, a completion once it is whole.</summary>
internal sealed class ChatAnswerContent : HttpContent
{
    private const string EventStream = "text/event-stream";

    private readonly HttpContent _chat;
    private readonly LimitsConfig _limits;

    public ChatAnswerContent(HttpContent chat, ResponseRun run)
    {
        _chat = chat;
        _limits = run.Snapshot.Config.Limits;
        Headers.ContentType = chat.Headers.ContentType;
    }

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
    {
        // The envelope of the run is put around it later, so it only has to be there.
        var skeleton = new ResponseObject { Id = ResponseIds.New(ResponseIds.Response), CreatedAt = 0, Status = ResponseStatus.InProgress, Model = "" };
        if (string.Equals(_chat.Headers.ContentType?.MediaType, EventStream, StringComparison.OrdinalIgnoreCase))
            return new ChatEventStream(await _chat.ReadAsStreamAsync(cancellationToken), skeleton, _limits.MaxEventBytes);

        // Too long, or nonsense: nothing of it is passed on, and nothing is no answer.
        var whole = await BoundedContent.ReadAsync(_chat, _limits.MaxResponseBytes, cancellationToken);
        return whole is not null && ChatCompletionReader.ToResponse(whole, skeleton, 0) is ParseResult<ResponseObject>.Parsed parsed
            ? new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(parsed.Request, ResponsesJson.Wire.ResponseObject), writable: false)
            : new MemoryStream([], writable: false);
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await using var translated = await CreateContentReadStreamAsync();
        await translated.CopyToAsync(stream);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _chat.Dispose();
        base.Dispose(disposing);
    }
}
