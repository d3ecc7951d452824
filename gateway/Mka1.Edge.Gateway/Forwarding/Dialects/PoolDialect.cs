using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Forwarding.Dialects;

/// <summary>
/// The API that the servers of a pool speak: how a Responses request is put for them, and how their answer is read as one of the
/// Responses API. Relays, settlement and stores know of no other.
/// </summary>
internal abstract class PoolDialect
{
    /// <summary>Path of the endpoint on every server, where the configuration names none.</summary>
    public abstract string DefaultPath { get; }

    /// <summary>Whether servers count the tokens of an input when asked (<c>…/input_tokens</c>).</summary>
    public abstract bool CountsTokens { get; }

    /// <summary>The dialect a pool's <c>api</c> names.</summary>
    public static PoolDialect Of(PoolApi api) => api switch
    {
        PoolApi.Responses => ResponsesDialect.Instance,
        PoolApi.ChatCompletions => ChatDialect.Instance,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The body that servers get.</summary>
    /// <param name="responsesBody">A create request of the Responses API, in UTF-8.</param>
    /// <returns>The body; or why the request cannot be said in this API, which is then told to the client.</returns>
    public abstract (byte[] Body, ApiError? Refusal) Request(byte[] responsesBody);

    /// <summary>The answer with its body as the Responses API would have it; a refusal names the fields of the Responses API.</summary>
    /// <param name="response">The answer; its body has not been read, and is read at the reader's pace.</param>
    /// <param name="run">The run it answers.</param>
    public abstract HttpResponseMessage Answer(HttpResponseMessage response, ResponseRun run);
}
