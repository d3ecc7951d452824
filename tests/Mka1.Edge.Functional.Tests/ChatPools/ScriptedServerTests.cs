using System.ClientModel;
using OpenAI.Responses;

namespace Mka1.Edge.Functional.Tests.ChatPools;

/// <summary>The OpenAI .NET client through the gateway, in front of a chat server with habits of its own.</summary>
public sealed class ScriptedServerTests(ChatPoolFixture pools) : IClassFixture<ChatPoolFixture>
{
    [Fact]
    public async Task Thoughts_text_and_calls_of_a_stream_arrive_as_items()
    {
        pools.Script.Answer = ScriptedChatServer.Stream(
            """{"choices":[{"index":0,"delta":{"role":"assistant","reasoning_content":"Let me look."}}]}""",
            """{"choices":[{"index":0,"delta":{"content":"I look."}}]}""",
            """{"choices":[{"index":0,"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"n\":1}"}},{"id":"b","function":{"name":"f","arguments":"{\"n\":2}"}}]}}]}""",
            """{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
            """{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}""");
        ResponseResult? final = null;
        await foreach (var update in await pools.Client.CreateResponseStreamingAsync(Hello(stream: true)))
        {
            if (update is StreamingResponseCompletedUpdate completed) final = completed.Response;
        }

        Assert.Equal("I look.", final!.GetOutputText());
        Assert.Contains(final.OutputItems, item => item is ReasoningResponseItem);
        Assert.Equal(["""{"n":1}""", """{"n":2}"""], final.OutputItems.OfType<FunctionCallResponseItem>().Select(call => call.FunctionArguments.ToString()));
        Assert.Equal(7, final.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_fails()
    {
        pools.Script.Answer = ScriptedChatServer.Stream("""{"choices":[{"index":0,"delta":{"content":"Hel"}}]}""");
        var (failed, completed) = (false, false);
        await foreach (var update in await pools.Client.CreateResponseStreamingAsync(Hello(stream: true)))
        {
            failed |= update is StreamingResponseFailedUpdate;
            completed |= update is StreamingResponseCompletedUpdate;
        }

        Assert.Equal((true, false), (failed, completed));
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"This model's context is 10 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""", 400, "This model's context is 10 tokens.")]
    [InlineData(429, """{"error":{"message":"slow down"}}""", 503, "busy")]
    [InlineData(500, """{"error":{"message":"at 10.0.0.7"}}""", 502, "could not serve")]
    public async Task Errors_have_the_gateways_status_and_words(int status, string body, int expected, string words)
    {
        pools.Script.Answer = ScriptedChatServer.Json(status, body);
        foreach (var stream in (bool[])[false, true])
        {
            var refusal = await Assert.ThrowsAsync<ClientResultException>(async () =>
            {
                if (!stream)
                {
                    await pools.Client.CreateResponseAsync(Hello());
                    return;
                }

                await foreach (var update in await pools.Client.CreateResponseStreamingAsync(Hello(stream: true))) Assert.Fail($"An event came: {update}");
            });
            Assert.Equal(expected, refusal.Status);
            Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        }
    }

    private static CreateResponseOptions Hello(bool stream = false) =>
        new(ChatPoolFixture.Scripted, [ResponseItem.CreateUserMessageItem("Hello")]) { StreamingEnabled = stream };
}
