using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Responses.Tests;

/// <summary>A chat request, said in the words of the Responses API.</summary>
public sealed class Chat_requests_read
{
    private static readonly string[] Conversation =
    [
        """{"role":"system","content":"be brief"}""",
        """{"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"low"}}]}""",
        """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}""",
        """{"role":"tool","tool_call_id":"c1","content":"one"}""",
        """{"role":"assistant","content":"ok","refusal":null,"reasoning_content":"hm"}""",
        """{"role":"user","content":"and?"}""",
    ];

    [Fact]
    public void Messages_become_items_that_are_a_valid_request()
    {
        var request = Accepted($$$"""
            {"model":"m","messages":[{{{string.Join(',', Conversation)}}}],"max_tokens":9,"max_completion_tokens":8,"temperature":0.5,"stream":true,"stream_options":{"include_usage":true},
             "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"},"strict":true}}],"tool_choice":{"type":"function","function":{"name":"f"}},
             "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}},"reasoning_effort":"low","verbosity":"high","logprobs":true,"top_logprobs":2,"n":1,"stop":null,"logit_bias":{}}
            """);

        Assert.Equal(["message", "message", "function_call", "function_call_output", "reasoning", "message", "message"], request.Input.Select(item => item.Type));
        Assert.Equal((8L, 0.5, true, false), (request.MaxOutputTokens!.Value, request.Temperature, request.Stream, request.Store));
        Assert.Equal("f", Assert.IsType<ToolChoice.Function>(request.ToolChoice).Name);
        Assert.True(Assert.IsType<TextFormat.JsonSchema>(request.Text.Format).Strict);
        Assert.Equal((ReasoningEffort.Low, Verbosity.High, 2), (request.Reasoning!.Effort!.Value, request.Text.Verbosity, request.TopLogprobs!.Value));
        Assert.Contains(IncludeNames.OutputLogprobs, request.Include);
    }

    [Theory]
    [InlineData(""" "n":2 """, "n")]
    [InlineData(""" "stop":["x"] """, "stop")]
    [InlineData(""" "seed":1 """, "seed")]
    [InlineData(""" "logit_bias":{"1":2} """, "logit_bias")]
    [InlineData(""" "functions":[{"name":"f"}] """, "functions")]
    [InlineData(""" "modalities":["text","audio"] """, "modalities")]
    [InlineData(""" "max_tokens":0 """, "max_tokens")]
    [InlineData(""" "stream":1 """, "stream")]
    [InlineData(""" "top_logprobs":2 """, "top_logprobs")]
    [InlineData(""" "tools":[{"type":"web_search"}] """, "tools[0].type")]
    [InlineData(""" "response_format":{"type":"xml"} """, "response_format.type")]
    [InlineData(""" "messages":[] """, "messages")]
    [InlineData(""" "messages":[{"role":"function","content":"x"}] """, "messages[0].role")]
    [InlineData(""" "messages":[{"role":"user"}] """, "messages[0].content")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"input_text","text":"x"}]}] """, "messages[0].content[0].type")]
    [InlineData(""" "messages":[{"role":"user","content":"x"},{"role":"tool","content":"x"}] """, "messages[1].tool_call_id")]
    public void What_cannot_be_done_is_refused_by_its_name_in_chat(string members, string path)
    {
        var messages = members.Contains("messages", StringComparison.Ordinal) ? "" : """ "messages":[{"role":"user","content":"x"}], """;
        var refused = Assert.IsType<ParseResult<ChatCreateRequest>.Refused>(ChatRequestReader.ToResponses(Encoding.UTF8.GetBytes($$"""{"model":"m",{{messages}}{{members}}}""")));

        Assert.Equal(path, refused.Error.Param);
    }

    [Theory]
    [InlineData("tools[1].parameters.properties.a", "tools[1].function.parameters.properties.a")]
    [InlineData("text.format.schema.properties.a.not", "response_format.json_schema.schema.properties.a.not")]
    [InlineData("max_output_tokens", "max_completion_tokens")]
    [InlineData("input[2].content[0].type", "messages")]
    [InlineData("temperature", "temperature")]
    public void Refusals_made_later_name_chats_fields(string path, string expected)
    {
        var error = ChatErrorPaths.InChat(new ApiError(ErrorCode.InvalidValue, $"'{path}' is odd.", path));

        Assert.Equal((expected, $"'{expected}' is odd."), (error.Param, error.Message));
    }

    [Theory]
    [InlineData("tools[1].function.parameters.a", "tools[1].parameters.a")]
    [InlineData("response_format.json_schema.schema.properties.a.not", "text.format.schema.properties.a.not")]
    [InlineData("response_format", "text.format")]
    [InlineData("max_tokens", "max_output_tokens")]
    [InlineData("messages[2].content", "input")]
    [InlineData("temperature", "temperature")]
    public void Refusals_of_a_chat_server_name_the_fields_of_the_Responses_API(string path, string expected)
    {
        var error = ChatErrorPaths.InResponses(new ApiError(ErrorCode.InvalidValue, $"'{path}' is odd.", path));

        Assert.Equal((expected, $"'{expected}' is odd."), (error.Param, error.Message));
    }

    [Fact]
    public void There_and_back_a_conversation_is_what_it_was()
    {
        var turn = Assert.IsType<ParseResult<ChatCreateRequest>.Parsed>(ChatRequestReader.ToResponses(Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[{{string.Join(',', Conversation)}}]}"""))).Request;

        var back = ChatStreams.Request(Encoding.UTF8.GetString(turn.Body.Span));

        var expected = string.Join(',', Conversation).Replace(""","refusal":null,"reasoning_content":"hm" """.TrimEnd(), "", StringComparison.Ordinal);
        Assert.Equal($"[{expected}]", back.GetProperty("messages").GetRawText());
    }

    [Fact]
    public void Whatever_the_bytes_nothing_is_thrown()
    {
        var random = new Random(5);
        string[] values = ["null", "1", "\"x\"", "[]", "{}", "[{}]", "[1]", "true", "[{\"type\":\"text\"}]", "{\"type\":\"function\"}", "[{\"type\":\"function\",\"function\":1}]", "{\"type\":\"json_schema\"}"];
        string[] members = ["tools", "tool_choice", "response_format", "n", "stop", "stream_options", "reasoning_effort", "logprobs", "max_tokens", "model"];
        string[] message = ["role", "content", "tool_calls", "tool_call_id", "refusal"];
        for (var round = 0; round < 5000; round++)
        {
            string Value() => values[random.Next(values.Length)];
            var body = $$"""{"messages":[{"role":"{{(random.Next(2) == 0 ? "assistant" : "tool")}}","x{{message[random.Next(message.Length)]}}":1,"content":{{Value()}},"tool_calls":{{Value()}}}],"{{members[random.Next(members.Length)]}}":{{Value()}}}""";
            if (ChatRequestReader.ToResponses(Encoding.UTF8.GetBytes(body)) is ParseResult<ChatCreateRequest>.Parsed parsed)
                Assert.NotEqual(JsonValueKind.Undefined, JsonDocument.Parse(parsed.Request.Body).RootElement.ValueKind);
        }
    }

    private static CreateResponseRequest Accepted(string json)
    {
        var turn = Assert.IsType<ParseResult<ChatCreateRequest>.Parsed>(ChatRequestReader.ToResponses(Encoding.UTF8.GetBytes(json))).Request;
        Assert.True(turn.IncludeUsage);
        return Assert.IsType<ParseResult<CreateResponseRequest>.Parsed>(RequestParser.ParseCreate(turn.Body)).Request;
    }
}
