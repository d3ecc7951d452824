using System.Text;
using static Mka1.Edge.Responses.Tests.ChatStreams;

namespace Mka1.Edge.Responses.Tests;

/// <summary>The stream of a chat server, as the Responses API has it.</summary>
public sealed class Chat_streams_read
{
    /// <summary>Thoughts, a text, two calls, usage: what a server can send in one answer.</summary>
    private static readonly string Everything =
        ": ping\n\n" + Chunk("""{"role":"assistant","content":""}""")
        + Chunk("""{"reasoning_content":"I thi"}""") + Chunk("""{"reasoning_content":"nk é😀"}""")
        + Chunk("""{"content":"Hel"}""").Replace("\n", "\r\n", StringComparison.Ordinal) + Chunk("""{"content":"lo"}""")
        + Call("""{"index":0,"id":"call_a","type":"function","function":{"name":"f","arguments":""}}""")
        + Call("""{"index":0,"function":{"arguments":"{\"a\":"}}""") + Call("""{"index":0,"function":{"arguments":"\"}\"}"}}""")
        + Call("""{"index":1,"id":"call_b","type":"function","function":{"name":"g","arguments":"{}"}}""")
        + Chunk("{}", "tool_calls") + UsageChunk("""{"prompt_tokens":5,"completion_tokens":30,"total_tokens":35,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":7}}""")
        + Done;

    [Fact]
    public void Everything_a_server_says_arrives_as_items()
    {
        var final = Final(Everything);

        Assert.Equal(ResponseStatus.Completed, final.Status);
        Assert.Equal(["reasoning", "message", "function_call", "function_call"], final.Output.Select(item => item.Type));
        Assert.Equal("I think é😀", ((ReasoningTextPart)((ReasoningItem)final.Output[0]).Content![0]).Text.Value);
        Assert.Equal("Hello", final.OutputText);
        var calls = final.Output.OfType<FunctionCallItem>().ToArray();
        Assert.Equal(("call_a", "f", """{"a":"}"}"""), (calls[0].CallId, calls[0].Name, calls[0].Arguments.Value));
        Assert.Equal(("call_b", "g", "{}"), (calls[1].CallId, calls[1].Name, calls[1].Arguments.Value));
        Assert.Equal(Usage.Of(5, 30, cached: 4, reasoning: 7), final.Usage);
    }

    [Fact]
    public void Deltas_go_on_as_they_come()
    {
        var names = Streams.Names(Translate(Chunk("""{"role":"assistant","content":""}""") + Chunk("""{"content":"a"}""")).Events);

        Assert.Equal(["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta"], names);
    }

    [Fact]
    public void Any_chunking_gives_the_same_events()
    {
        var whole = Shape(Translate(Everything).Events);
        var bytes = Encoding.UTF8.GetBytes(Everything);
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            var chunks = new List<int>();
            for (var left = bytes.Length; left > 0; left -= chunks[^1])
                chunks.Add(Math.Min(left, random.Next(1, 1 + random.Next(1, 200))));

            Assert.Equal(whole, Shape(Translate(bytes, chunks).Events));
        }
    }

    [Fact]
    public void A_stream_cut_at_any_byte_before_its_end_never_completes()
    {
        var bytes = Encoding.UTF8.GetBytes(Everything);
        var finished = Encoding.UTF8.GetByteCount(Everything[..(Everything.IndexOf("\"finish_reason\":\"tool_calls\"", StringComparison.Ordinal))]);
        var whole = Array.IndexOf(bytes, (byte)'\n', finished) + 2;
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            var outcome = Translate(bytes[..cut], [1000, int.MaxValue]);

            Assert.Equal(cut < whole ? ChatStreamState.Broken : ChatStreamState.Ended, outcome.State);
            Assert.Equal(cut >= whole, Streams.Names(outcome.Events).Contains("response.completed"));
        }
    }

    [Fact]
    public void A_broken_stream_can_be_ended_as_failed()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        using var translator = new ChatStreamTranslator(output, Streams.Skeleton(), () => 1);
        translator.Push(Encoding.UTF8.GetBytes(Chunk("""{"content":"Hel"}""")));
        Assert.Equal(ChatStreamState.Broken, translator.End());
        translator.Fail(new ApiError(ErrorCode.UpstreamError, "It broke off."));

        Assert.Null(Streams.Check(Streams.Read(output.WrittenSpan.ToArray()), out var final));
        Assert.Equal((ResponseStatus.Failed, "upstream_error"), (final!.Status, final.Error!.Code));
    }

    [Theory]
    [InlineData("stop", ResponseStatus.Completed, null)]
    [InlineData("length", ResponseStatus.Incomplete, "max_output_tokens")]
    [InlineData("content_filter", ResponseStatus.Incomplete, "content_filter")]
    [InlineData("abort", ResponseStatus.Failed, null)]
    public void The_reason_to_finish_is_the_outcome(string finish, ResponseStatus status, string? reason)
    {
        var final = Final(Chunk("""{"content":"a"}""") + Chunk("{}", finish) + Done);

        Assert.Equal((status, reason, (Usage?)null), (final.Status, final.IncompleteDetails?.Reason, final.Usage));
    }

    [Fact]
    public void A_call_that_was_cut_off_by_the_budget_is_incomplete()
    {
        var final = Final(Call("""{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}""") + Call("""{"index":1,"id":"b","function":{"name":"g","arguments":"{\"x"}}""") + Chunk("{}", "length") + Done);

        Assert.Equal([(ItemStatus.Completed, "{}"), (ItemStatus.Incomplete, "{\"x")], final.Output.Cast<FunctionCallItem>().Select(call => (call.Status!, call.Arguments.Value)));
    }

    [Theory]
    [InlineData("no index, whole calls in one delta", """{"id":"a","function":{"name":"f","arguments":"{\"n\":1}"}},{"id":"b","function":{"name":"g","arguments":"{\"n\":2}"}}""")]
    [InlineData("no index, no ids", """{"function":{"name":"f","arguments":"{\"n\":1}"}},{"function":{"name":"g","arguments":"{\"n\":2}"}}""")]
    [InlineData("no index, arguments in pieces", """{"id":"a","function":{"name":"f","arguments":"{\"n\""}}|{"function":{"arguments":":1}"}}|{"id":"b","function":{"name":"g","arguments":"{\"n\":"}}|{"function":{"arguments":"2}"}}""")]
    [InlineData("the same index for all", """{"index":0,"id":"a","function":{"name":"f","arguments":"{\"n\":1}"}}|{"index":0,"id":"b","function":{"name":"g","arguments":"{\"n\":2}"}}""")]
    [InlineData("the same index for all, no ids", """{"index":0,"function":{"name":"f","arguments":"{\"n\":1}"}}|{"index":0,"function":{"name":"g","arguments":"{\"n\":2}"}}""")]
    [InlineData("pieces in turns", """{"index":0,"id":"a","function":{"name":"f","arguments":""}}|{"index":1,"id":"b","function":{"name":"g","arguments":"{\"n\":"}}|{"index":0,"function":{"arguments":"{\"n\":1}"}}|{"index":1,"function":{"arguments":"2}"}}""")]
    [InlineData("another id in every piece", """{"index":0,"id":"a","function":{"name":"f","arguments":"{\"n\":"}}|{"index":0,"id":"x","function":{"arguments":"1}"}}|{"index":1,"id":"b","function":{"name":"g","arguments":"{\"n\":2}"}}""")]
    [InlineData("the name again and again", """{"index":0,"id":"a","function":{"name":"f","arguments":"{\"n\":"}}|{"index":0,"id":"a","function":{"name":"f","arguments":"1}"}}|{"index":1,"id":"b","function":{"name":"g","arguments":"{\"n\":2}"}}""")]
    [InlineData("arguments as an object", """{"index":0,"id":"a","function":{"name":"f","arguments":{"n":1}}},{"index":1,"id":"b","function":{"name":"g","arguments":{"n":2}}}""")]
    [InlineData("white space as text between", """{"index":0,"id":"a","function":{"name":"f","arguments":"{\"n\":1}"}}|#|{"index":1,"id":"b","function":{"name":"g","arguments":"{\"n\":2}"}}""")]
    public void Calls_are_told_apart_however_a_server_numbers_them(string manner, string pieces)
    {
        var stream = string.Concat(pieces.Split('|').Select(piece => piece == "#" ? Chunk("""{"content":"\n\n"}""") : Call(piece)));

        var calls = Final(stream + Chunk("""{"content":""}""", "tool_calls") + Done).Output.Cast<FunctionCallItem>().ToArray();

        Assert.True(calls.Length == 2, manner);
        Assert.Equal([("f", """{"n":1}"""), ("g", """{"n":2}""")], calls.Select(call => (call.Name, call.Arguments.Value)));
        Assert.Equal(2, calls.Select(call => call.CallId).Distinct().Count());
    }

    [Fact]
    public void A_call_without_arguments_has_an_empty_object_and_a_long_id_a_short_one()
    {
        var call = (FunctionCallItem)Final(Call($$$"""{"index":0,"id":"{{{new string('x', 65)}}}","function":{"name":"f","arguments":""}}""") + Chunk("{}", "tool_calls") + Done).Output[0];

        Assert.Equal("{}", call.Arguments.Value);
        Assert.StartsWith("call_", call.CallId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_and_thoughts_in_either_field_are_kept_apart_from_the_text()
    {
        var final = Final(Chunk("""{"reasoning":"hm"}""") + Chunk("""{"content":"a"}""") + Chunk("""{"refusal":"I can't."}""") + Chunk("{}", "stop") + Done);

        Assert.Equal(["reasoning", "message"], final.Output.Select(item => item.Type));
        Assert.Equal(["output_text", "refusal"], ((MessageItem)final.Output[1]).Content.Select(part => part.Type));
    }

    [Fact]
    public void Log_probabilities_come_with_their_text()
    {
        var final = Final("""data: {"choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-0.5,"bytes":null,"top_logprobs":[{"token":"b","logprob":-1,"bytes":[98]}]}]},"finish_reason":null}]}""" + "\n\n" + Chunk("{}", "stop") + Done);

        var token = ((MessageItem)final.Output[0]).Content[0].Raw.GetProperty("logprobs").GetRawText();
        Assert.Equal("""[{"token":"a","logprob":-0.5,"bytes":[],"top_logprobs":[{"token":"b","logprob":-1,"bytes":[98]}]}]""", token);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":5,"completion_tokens":3}""", 5, 3, 0)]
    [InlineData("""{"prompt_tokens":5,"completion_tokens":3,"prompt_cache_hit_tokens":2}""", 5, 3, 2)]
    [InlineData("""{"prompt_tokens":5,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":99}}""", 5, 3, 0)]
    [InlineData("""{"prompt_tokens":5,"completion_tokens":3,"prompt_tokens_details":null}""", 5, 3, 0)]
    [InlineData("""{"prompt_tokens":-5,"completion_tokens":3}""", null, null, null)]
    [InlineData("""{"prompt_tokens":5,"completion_tokens":99999999999999999999}""", null, null, null)]
    [InlineData("""{"prompt_tokens":5.5,"completion_tokens":3}""", null, null, null)]
    [InlineData("""{"prompt_tokens":"5","completion_tokens":3}""", null, null, null)]
    [InlineData("null", null, null, null)]
    public void A_usage_is_believed_as_far_as_it_makes_sense(string sent, int? input, int? output, int? cached)
    {
        var usage = Final(Chunk("""{"content":"a"}""") + Chunk("{}", "stop") + UsageChunk(sent) + Done).Usage;

        Assert.Equal((input, output, cached), (usage is null ? null : (int)usage.InputTokens, usage is null ? null : (int)usage.OutputTokens, usage is null ? null : (int)usage.InputTokensDetails.CachedTokens));
    }

    [Fact]
    public void A_usage_may_come_in_every_chunk_or_within_the_choice()
    {
        const string Early = ""","usage":{"prompt_tokens":5,"completion_tokens":1}""";
        const string Late = ""","usage":{"prompt_tokens":5,"completion_tokens":2}""";

        Assert.Equal(Usage.Of(5, 2), Final(Chunk("""{"content":"a"}""", null, Early) + Chunk("{}", "stop", Late)).Usage);
        Assert.Equal(Usage.Of(5, 2), Final(Chunk("""{"content":"a"}""") + """data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":5,"completion_tokens":2}}]}""" + "\n\n" + Done).Usage);
    }

    [Fact]
    public void The_end_of_the_stream_or_the_usage_will_do_for_a_mark()
    {
        Assert.Equal(ResponseStatus.Completed, Final(Chunk("""{"content":"a"}""") + Chunk("{}", "stop")).Status);

        var output = new System.Buffers.ArrayBufferWriter<byte>();
        using var translator = new ChatStreamTranslator(output, Streams.Skeleton(), () => 1);
        Assert.Equal(ChatStreamState.Ended, translator.Push(Encoding.UTF8.GetBytes(Chunk("""{"content":"a"}""", "stop") + UsageChunk())));
    }

    [Fact]
    public void An_answer_of_nothing_is_an_empty_message()
    {
        var final = Final(Chunk("""{"role":"assistant"}""") + Chunk("{}", "stop") + Done);

        Assert.Equal("", ((OutputTextPart)((MessageItem)final.Output.Single()).Content.Single()).Text.Value);
    }

    [Theory]
    [InlineData("""data: {"error":{"message":"boom","type":"server_error","code":"overloaded"}}""", "boom", "overloaded")]
    [InlineData("""data: {"error":{"message":"boom","code":500}}""", "boom", "upstream_error")]
    [InlineData("""data: {"error":"boom"}""", "boom", "upstream_error")]
    [InlineData("""data: {"object":"error","message":"boom","code":400}""", "boom", "upstream_error")]
    [InlineData("event: error\ndata: {\"message\":\"boom\"}", "boom", "upstream_error")]
    [InlineData("event: error\ndata: {}", "The model server failed. Retry.", "upstream_error")]
    public void An_error_in_the_midst_fails_the_response(string error, string message, string code)
    {
        var final = Final(Chunk("""{"content":"a"}""") + error + "\n\n" + Done);

        Assert.Equal((ResponseStatus.Failed, message, code), (final.Status, final.Error!.Message, final.Error.Code));
    }

    [Theory]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]\n\n")]
    [InlineData("data: <html>\n\n")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\",\"content\":\"b\"}}]}\n\n")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\ud83d\"}}]}\n\n")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")]
    [InlineData("data: [DONE]\n\n")]
    public void Nonsense_breaks_the_stream(string stream)
    {
        var outcome = Translate(stream);

        Assert.Equal(ChatStreamState.Broken, outcome.State);
        Assert.DoesNotContain("response.completed", Streams.Names(outcome.Events));
    }

    [Fact]
    public void Pieces_that_cannot_be_passed_on_are_not_kept_without_bound()
    {
        var piece = Call($$$"""{"index":1,"id":"b","function":{"name":"g","arguments":"{{{new string('x', 100_000)}}}"}}""");
        var outcome = Translate(Call("""{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}""") + string.Concat(Enumerable.Repeat(piece, 12)));

        Assert.Equal(ChatStreamState.Broken, outcome.State);
    }

    [Fact]
    public void Whatever_the_bytes_nothing_is_thrown()
    {
        var random = new Random(3);
        string[] values = ["null", "1", "-1", "1e9", "\"x\"", "[]", "{}", "[{}]", "[1]", "true", "\"\"", "{\"index\":\"a\"}", "[{\"function\":1}]", "[{\"function\":{\"name\":1}}]", "{\"content\":[1]}"];
        string[] members = ["choices", "usage", "error", "object"];
        string[] inner = ["delta", "message", "finish_reason", "index", "logprobs", "usage"];
        string[] said = ["content", "reasoning", "refusal", "tool_calls", "function_call", "reasoning_content"];
        for (var round = 0; round < 5000; round++)
        {
            string Value() => values[random.Next(values.Length)];
            var delta = $$"""{"{{said[random.Next(said.Length)]}}":{{Value()}}}""";
            var choice = $$"""{"{{inner[random.Next(inner.Length)]}}":{{Value()}},"delta{{(random.Next(2) == 0 ? "" : "x")}}":{{delta}}}""";
            var stream = $$"""data: {"{{members[random.Next(members.Length)]}}":{{Value()}},"choices{{(random.Next(4) == 0 ? "x" : "")}}":[{{choice}}]}""" + "\n\n" + Chunk("{}", "stop");
            var outcome = Translate(stream);
            if (outcome.State == ChatStreamState.Ended)
                Checked(outcome.Events);
        }
    }
}
