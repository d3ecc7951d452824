namespace Mka1.Edge.Responses.Tests;

/// <summary>A Responses request, said to a server that speaks Chat Completions.</summary>
public sealed class Chat_requests_written
{
    [Theory]
    [InlineData(""" "input":"hi" """, """[{"role":"user","content":"hi"}]""")]
    [InlineData(""" "instructions":"be brief","input":"hi" """, """[{"role":"system","content":"be brief"},{"role":"user","content":"hi"}]""")]
    [InlineData(
        """ "instructions":"a","input":[{"role":"developer","content":"b"},{"role":"system","content":"c"},{"role":"user","content":"hi"},{"role":"developer","content":"d"}] """,
        """[{"role":"system","content":"a\n\nb\n\nc"},{"role":"user","content":"hi"},{"role":"system","content":"d"}]""")]
    [InlineData(
        """ "input":[{"role":"user","content":[{"type":"input_text","text":"what é \ud83d\ude00"},{"type":"input_image","image_url":"data:image/png;base64,AA==","detail":"original"}]}] """,
        """[{"role":"user","content":[{"type":"text","text":"what é \ud83d\ude00"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"high"}}]}]""")]
    [InlineData(
        """ "input":[{"role":"user","content":[{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="},{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]}] """,
        """[{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}},{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]}]""")]
    [InlineData(
        """ "input":[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"output_text","text":"hel"},{"type":"output_text","text":"lo"}]},{"role":"assistant","content":[{"type":"refusal","refusal":"no"}]},{"role":"user","content":"so"}] """,
        """[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"},{"role":"assistant","content":"no"},{"role":"user","content":"so"}]""")]
    [InlineData(
        """ "input":[{"role":"user","content":"w"},{"type":"reasoning","summary":[]},{"role":"assistant","content":"I look"},{"type":"function_call","call_id":"c1","name":"f","arguments":"{\"a\":1}"},{"type":"reasoning","summary":[]},{"type":"function_call","call_id":"c2","name":"g","arguments":""},{"type":"function_call_output","call_id":"c1","output":"one"},{"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"two"}]},{"role":"user","content":"and"}] """,
        """[{"role":"user","content":"w"},{"role":"assistant","content":"I look","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"one"},{"role":"tool","tool_call_id":"c2","content":"two"},{"role":"user","content":"and"}]""")]
    [InlineData(
        """ "input":[{"role":"user","content":"w"},{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},{"role":"assistant","content":"I look"},{"type":"function_call_output","call_id":"c1","output":"one"},{"type":"function_call","call_id":"c2","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c2","output":"two"}] """,
        """[{"role":"user","content":"w"},{"role":"assistant","content":"I look","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"one"},{"role":"assistant","content":null,"tool_calls":[{"id":"c2","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c2","content":"two"}]""")]
    public void Items_become_messages(string members, string messages) =>
        Assert.Equal(messages, ChatStreams.Request(Parse.With(members)).GetProperty("messages").GetRawText().Replace("😀", "\\ud83d\\ude00", StringComparison.Ordinal));

    [Fact]
    public void What_says_how_to_answer_keeps_its_value_under_the_name_chat_has_for_it()
    {
        var chat = ChatStreams.Request(Parse.With("""
            "input":"hi","temperature":0.50,"top_p":0.9,"presence_penalty":1,"frequency_penalty":-1,"max_output_tokens":77,"stream":true,"store":false,
            "prompt_cache_key":"k","service_tier":"flex","reasoning":{"effort":"minimal","summary":"auto"},"include":["message.output_text.logprobs"],"top_logprobs":3,
            "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true},"verbosity":"low"},"truncation":"auto","max_tool_calls":5,
            "seed":7,"stop":["x"],"min_p":0.1,"user":null
            """));

        Assert.Equal(
            """{"model":"m","temperature":0.50,"top_p":0.9,"presence_penalty":1,"frequency_penalty":-1,"prompt_cache_key":"k","service_tier":"flex","seed":7,"stop":["x"],"min_p":0.1,"max_tokens":77,"messages":[{"role":"user","content":"hi"}],"verbosity":"low","response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}},"reasoning_effort":"low","logprobs":true,"top_logprobs":3,"stream":true,"stream_options":{"include_usage":true}}""",
            chat.GetRawText());
    }

    [Fact]
    public void A_caller_slips_nothing_past_the_gateway_that_only_chat_knows()
    {
        var chat = ChatStreams.Request(Parse.With("""
            "input":"hi","n":9,"N":9,"max_tokens":100000,"Max_Tokens":1,"messages":[],"Messages":[],"best_of":3,"logprobs":true,"response_format":{},"cache_salt":"mine","kv_transfer_params":{}
            """));

        Assert.Equal("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""", chat.GetRawText());
    }

    [Theory]
    [InlineData("\"auto\"", "\"auto\"", 2)]
    [InlineData("\"required\"", "\"required\"", 2)]
    [InlineData("""{"type":"function","name":"f"}""", """{"type":"function","function":{"name":"f"}}""", 2)]
    [InlineData("""{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"g"}]}""", "\"required\"", 1)]
    public void Tools_and_their_choice_keep_their_meaning(string choice, string expected, int offered)
    {
        var chat = ChatStreams.Request(Parse.With($$"""
            "input":"hi","tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":true},{"type":"function","name":"g","parameters":null}],"tool_choice":{{choice}},"parallel_tool_calls":false
            """));

        Assert.Equal(expected, chat.GetProperty("tool_choice").GetRawText());
        Assert.Equal(offered, chat.GetProperty("tools").GetArrayLength());
        Assert.False(chat.GetProperty("parallel_tool_calls").GetBoolean());
        Assert.Equal("""{"type":"function","function":{"name":"g"}}""", chat.GetProperty("tools")[offered - 1].GetRawText());
    }

    [Theory]
    [InlineData(""" "input":[{"type":"item_reference","id":"msg_1"}] """, "input[0].type", ErrorCode.UnsupportedParameter)]
    [InlineData(""" "input":[{"role":"user","content":"x"},{"type":"shell_call","call_id":"c","action":{}}] """, "input[1].type", ErrorCode.UnsupportedParameter)]
    [InlineData(""" "input":[{"role":"user","content":[{"type":"input_file","file_url":"https://a.example/x"}]}] """, "input[0].content[0].file_url", ErrorCode.UnsupportedParameter)]
    [InlineData(""" "input":[{"role":"user","content":[{"type":"input_text","text":"x"},{"type":"input_image","file_id":"f"}]}] """, "input[0].content[1].file_id", ErrorCode.UnsupportedParameter)]
    [InlineData(""" "input":[{"role":"user","content":"x"},{"type":"function_call_output","call_id":"c","output":[{"type":"input_image","image_url":"https://a.example/x"}]}] """, "input[1].output[0].type", ErrorCode.UnsupportedParameter)]
    [InlineData(""" "input":"x","tools":[{"type":"function","name":"f"},{"type":"web_search"}] """, "tools[1].type", ErrorCode.UnsupportedTool)]
    [InlineData(""" "input":"x","previous_response_id":"resp_1" """, "previous_response_id", ErrorCode.UnsupportedParameter)]
    [InlineData(""" "input":"x","modalities":["audio"] """, "modalities", ErrorCode.UnsupportedParameter)]
    [InlineData(""" "input":[] """, "input", ErrorCode.MissingRequiredParameter)]
    public void What_chat_cannot_say_is_refused_by_name(string members, string path, ErrorCode code)
    {
        var error = ChatStreams.Unspeakable(Parse.With(members));

        Assert.Equal((path, code), (error.Param, error.Code));
    }

    [Fact]
    public void Requests_of_real_clients_are_said_or_refused_and_never_throw()
    {
        foreach (var body in SampleBodies.All)
            Assert.NotNull(ChatRequestWriter.FromResponses(System.Text.Encoding.UTF8.GetBytes(body)));
        Assert.IsType<ParseResult<byte[]>.Refused>(ChatRequestWriter.FromResponses("{"u8.ToArray()));
    }
}
