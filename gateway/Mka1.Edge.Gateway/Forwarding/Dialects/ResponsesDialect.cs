using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Forwarding.Dialects;

/// <summary>The Responses API itself: bytes pass as they are.</summary>
internal sealed class ResponsesDialect : PoolDialect
{
    public static readonly ResponsesDialect Instance = new();

    public override string DefaultPath => "/v1/responses";

    public override bool CountsTokens => true;

    public override (byte[] Body, ApiError? Refusal) Request(byte[] responsesBody) => (responsesBody, null);

    public override HttpResponseMessage Answer(HttpResponseMessage response, ResponseRun run) => response;
}
