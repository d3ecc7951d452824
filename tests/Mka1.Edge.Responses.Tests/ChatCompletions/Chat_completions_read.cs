using System.Text;

namespace Mka1.Edge.Responses.Tests;

/// <summary>A whole chat completion, as a response.</summary>
public sealed class Chat_completions_read
{
    [Fact]
    public void A_completion_is_a_response()
    {
        var response = Read("""
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"x","choices":[{"index":0,"message":{"role":"assistant","content":"Hello","reasoning_content":"hm","refusal":null,
             "tool_calls":[{"id":"call_a","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"call_b","type":"function","function":{"name":"f","arguments":"{}"}}]},"logprobs":null,"finish_reason":"tool_calls"}],
             "usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8,"completion_tokens_details":{"reasoning_tokens":1}}}
            """);

        Assert.Equal(ResponseStatus.Completed, response.Status);
        Assert.Equal(["reasoning", "message", "function_call", "function_call"], response.Output.Select(item => item.Type));
        Assert.Equal("Hello", response.OutputText);
        Assert.Equal("call_b", ((FunctionCallItem)response.Output[3]).CallId);
        Assert.Equal(Usage.Of(5, 3, reasoning: 1), response.Usage);
    }

    [Theory]
    [InlineData("""{"content":null,"refusal":"no"}""", "stop", ResponseStatus.Completed)]
    [InlineData("""{"content":"a"}""", "length", ResponseStatus.Incomplete)]
    [InlineData("""{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"a"}]}""", "stop", ResponseStatus.Completed)]
    [InlineData("""{"content":"","function_call":{"name":"f","arguments":"{}"}}""", "function_call", ResponseStatus.Completed)]
    public void Other_forms_are_understood(string message, string finish, ResponseStatus status)
    {
        var response = Read($$"""{"choices":[{"message":{{message}},"finish_reason":"{{finish}}"}]}""");

        Assert.Equal((status, (Usage?)null), (response.Status, response.Usage));
        Assert.NotEmpty(response.Output);
    }

    [Fact]
    public void An_error_in_place_of_an_answer_is_a_failed_response() =>
        Assert.Equal((ResponseStatus.Failed, "boom"), (Read("""{"error":{"message":"boom","code":502}}""").Status, Read("""{"error":{"message":"boom"}}""").Error!.Message));

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[1]}""")]
    [InlineData("""{"choices":[{"message":"x"}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"a","tool_calls":[{"function":{"arguments":"{}"}}]}}]}""")]
    public void Nonsense_is_no_answer(string json) =>
        Assert.IsType<ParseResult<ResponseObject>.Refused>(ChatCompletionReader.ToResponse(Encoding.UTF8.GetBytes(json), Streams.Skeleton(), 1));

    private static ResponseObject Read(string json) =>
        Assert.IsType<ParseResult<ResponseObject>.Parsed>(ChatCompletionReader.ToResponse(Encoding.UTF8.GetBytes(json), Streams.Skeleton(), 1)).Request;
}
