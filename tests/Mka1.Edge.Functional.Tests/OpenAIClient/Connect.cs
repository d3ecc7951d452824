using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI.Responses;

namespace Mka1.Edge.Functional.Tests.OpenAIClient;

/// <summary>The OpenAI .NET client as its users make it; only the endpoint is ours.</summary>
internal static class Connect
{
    public static ResponsesClient To(string address, string key) => new(
        new ApiKeyCredential(key),
        new ResponsesClientOptions
        {
            Endpoint = new Uri($"{address}/api/v1/llm"),

            // A refusal is what these tests look for; the client would try some of them again.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        });
}
