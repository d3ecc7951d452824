using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI.Conversations;
using OpenAI.Responses;

namespace Mka1.Edge.Functional.Tests.OpenAIClient;

/// <summary>The OpenAI .NET client as its users make it; only the endpoint is ours.</summary>
internal static class Connect
{
    // The framework's own HTTP client reads a cancelled stream on for up to two seconds, in which a small model is done.
    private static readonly HttpClientPipelineTransport Transport =
        new(new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }));

    public static ResponsesClient To(string address, string key) => new(
        new ApiKeyCredential(key),
        new ResponsesClientOptions
        {
            Endpoint = new Uri($"{address}/api/v1/llm"),
            Transport = Transport,

            // A refusal is what these tests look for; the client would try some of them again.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        });

    public static ConversationClient ToConversations(string address, string key) => new(
        new ApiKeyCredential(key),
        new ConversationClientOptions
        {
            Endpoint = new Uri($"{address}/api/v1/llm"),
            Transport = Transport,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        });
}
