using System.Net;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Forwarding.Dialects;

/// <summary>Chat Completions: any server that is compatible with OpenAI's can stand in a pool. What maps to what: <c>gateway/CHAT.md</c>.</summary>
internal sealed class ChatDialect : PoolDialect
{
    public static readonly ChatDialect Instance = new();

    public override string DefaultPath => "/v1/chat/completions";

    public override bool CountsTokens => false;

    public override (byte[] Body, ApiError? Refusal) Request(byte[] responsesBody) => ChatRequestWriter.FromResponses(responsesBody) switch
    {
        ParseResult<byte[]>.Parsed parsed => (parsed.Request, null),
        ParseResult<byte[]>.Refused refused => ([], refused.Error),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public override HttpResponseMessage Answer(HttpResponseMessage response, ResponseRun run) => response.StatusCode switch
    {
        HttpStatusCode.OK => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ChatAnswerContent(response.Content, run) },

        // The refusals whose words a client gets to read.
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity =>
            new HttpResponseMessage(response.StatusCode) { Content = new ChatRefusalContent(response.Content) },
        _ => response,
    };
}
