using System.Buffers;
using System.Text.Json;

namespace Mka1.Edge.Responses.Tests;

public sealed class Emitting_events
{
    [Fact]
    public void Text_comes_in_the_order_of_E3()
    {
        var stream = Streams.Write(writer =>
        {
            writer.Start();
            writer.StartMessage("msg_1");
            writer.StartText();
            writer.TextDelta("a");
            writer.TextDelta("b");
            writer.EndText();
            writer.EndItem();
            writer.Complete(Usage.Of(1, 2), 5);
        });

        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta",
                "response.output_text.delta", "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
            ],
            Streams.Names(stream));
        Assert.Equal("""{"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"a","logprobs":[]}""", Data(stream, 4));
        Assert.Equal("""{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"type":"message","id":"msg_1","role":"assistant","content":[],"status":"in_progress"}}""", Data(stream, 2));
        Assert.Equal("""{"type":"response.content_part.done","sequence_number":7,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"ab","annotations":[],"logprobs":[]}}""", Data(stream, 7));
    }

    [Fact]
    public void A_function_call_comes_in_the_order_of_E4()
    {
        var stream = Streams.Write(writer =>
        {
            writer.Start();
            writer.StartFunctionCall("fc_1", "call_1", "f");
            writer.ArgumentsDelta("{}");
            writer.EndItem();
            writer.Complete(Usage.Of(1, 2), 5);
        });

        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.function_call_arguments.delta",
                "response.function_call_arguments.done", "response.output_item.done", "response.completed",
            ],
            Streams.Names(stream));
        Assert.Equal("""{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":"","status":"in_progress"}}""", Data(stream, 2));
        Assert.Equal("""{"type":"response.function_call_arguments.done","sequence_number":4,"item_id":"fc_1","output_index":0,"arguments":"{}"}""", Data(stream, 4));
    }

    [Fact]
    public void Reasoning_comes_in_the_order_of_E5()
    {
        var stream = Streams.Write(writer =>
        {
            writer.Start();
            writer.StartReasoning("rs_1");
            writer.StartSummary();
            writer.SummaryDelta("s");
            writer.EndSummary();
            writer.StartReasoningText();
            writer.ReasoningDelta("t");
            writer.EndReasoningText();
            writer.EndItem();
            writer.Complete(Usage.Of(1, 2), 5);
        });

        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.reasoning_summary_part.added",
                "response.reasoning_summary_text.delta", "response.reasoning_summary_text.done", "response.reasoning_summary_part.done",
                "response.content_part.added", "response.reasoning_text.delta", "response.reasoning_text.done", "response.content_part.done",
                "response.output_item.done", "response.completed",
            ],
            Streams.Names(stream));
        Assert.DoesNotContain("encrypted_content", Data(stream, 11), StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_and_a_custom_tool_call_follow_their_own_names()
    {
        var names = Streams.Names(Streams.Write(writer =>
        {
            writer.Start();
            writer.StartMessage("msg_1");
            writer.StartRefusal();
            writer.RefusalDelta("no");
            writer.EndRefusal();
            writer.EndItem();
            writer.StartCustomToolCall("ctc_1", "call_1", "sql");
            writer.CustomInputDelta("select 1");
            writer.EndItem();
            writer.Complete(Usage.Of(1, 2), 5);
        }));

        Assert.Equal(["response.refusal.delta", "response.refusal.done"], names[4..6]);
        Assert.Equal(["response.custom_tool_call_input.delta", "response.custom_tool_call_input.done"], names[9..11]);
    }

    [Fact]
    public void A_budget_that_runs_out_closes_what_is_open_and_marks_the_last_item()
    {
        var events = Streams.Read(Streams.Write(writer =>
        {
            writer.Start();
            writer.StartMessage("msg_1");
            writer.StartText();
            writer.TextDelta("half");
            writer.Incomplete(IncompleteDetails.MaxOutputTokens, Usage.Of(1, 2), 5);
        }));

        var response = events[^1].Data["response"]!;
        Assert.Equal("response.incomplete", events[^1].Event);
        Assert.Equal("incomplete", response["status"]!.GetValue<string>());
        Assert.Equal("max_output_tokens", response["incomplete_details"]!["reason"]!.GetValue<string>());
        Assert.Equal("incomplete", response["output"]![0]!["status"]!.GetValue<string>());
        Assert.Equal("half", response["output_text"]!.GetValue<string>());
        Assert.Null(Streams.Check(events, out _));
    }

    [Fact]
    public void A_failure_is_the_hybrid_error_and_then_response_failed()
    {
        var error = new ResponseError { Code = "server_error", Message = "gone" };
        var stream = Streams.Write(writer =>
        {
            writer.Start();
            writer.StartMessage("msg_1");
            writer.Fail(error, null, 5);
        });

        Assert.Equal(["response.created", "response.in_progress", "response.output_item.added", "error", "response.failed"], Streams.Names(stream));
        Assert.Equal(
            """{"type":"error","sequence_number":3,"code":"server_error","message":"gone","param":null,"error":{"code":"server_error","message":"gone","type":"server_error","param":null}}""",
            Data(stream, 3));
        Assert.Null(Streams.Check(Streams.Read(stream), out _));
    }

    [Fact]
    public void Sequence_numbers_start_at_0_and_have_no_gaps() =>
        Assert.Equal(Enumerable.Range(0, 25).Take(Streams.Read(Streams.Full()).Count), Streams.Read(Streams.Full()).Select(item => item.Data["sequence_number"]!.GetValue<int>()));

    [Fact]
    public void The_writer_holds_the_final_response()
    {
        using var writer = new ResponseStreamWriter(new ArrayBufferWriter<byte>(), Streams.Skeleton());
        writer.Start();
        writer.StartMessage("msg_1");
        writer.StartText();
        writer.TextDelta("Paris");
        writer.EndText();
        writer.EndItem();
        writer.Complete(Usage.Of(8, 7), 9);

        Assert.Equal("Paris", writer.Response.OutputText);
        Assert.Equal((ResponseStatus.Completed, 9L, 15L), (writer.Response.Status, writer.Response.CompletedAt!.Value, writer.Response.Usage!.TotalTokens));
    }

    [Fact]
    public void Logprobs_go_with_their_delta_and_into_the_part()
    {
        TokenLogprob[] tokens = [new() { Token = "a", Logprob = -0.5, Bytes = [97], TopLogprobs = [new() { Token = "b", Logprob = -1.5, Bytes = [98] }] }];
        var stream = Streams.Write(writer =>
        {
            writer.Start();
            writer.StartMessage("msg_1");
            writer.StartText();
            writer.TextDelta("a", tokens);
            writer.EndText();
            writer.EndItem();
            writer.Complete(Usage.Of(1, 1), 5);
        });

        const string Expected = """[{"token":"a","logprob":-0.5,"bytes":[97],"top_logprobs":[{"token":"b","logprob":-1.5,"bytes":[98]}]}]""";
        Assert.EndsWith($"\"logprobs\":{Expected}}}", Data(stream, 4), StringComparison.Ordinal);
        Assert.Equal(Expected, Streams.Read(stream)[6].Data["part"]!["logprobs"]!.ToJsonString());
    }

    public static TheoryData<Action<ResponseStreamWriter>> IllegalOrders() =>
    [
        writer => writer.StartMessage("m"),
        writer => writer.Complete(Usage.Of(0, 0), 0),
        writer => { writer.Start(); writer.Start(); },
        writer => { writer.Start(); writer.TextDelta("x"); },
        writer => { writer.Start(); writer.StartText(); },
        writer => { writer.Start(); writer.EndItem(); },
        writer => { writer.Start(); writer.StartMessage("a"); writer.StartMessage("b"); },
        writer => { writer.Start(); writer.StartMessage("a"); writer.ArgumentsDelta("x"); },
        writer => { writer.Start(); writer.StartMessage("a"); writer.StartSummary(); },
        writer => { writer.Start(); writer.StartMessage("a"); writer.StartText(); writer.EndItem(); },
        writer => { writer.Start(); writer.StartMessage("a"); writer.StartText(); writer.RefusalDelta("x"); },
        writer => { writer.Start(); writer.StartMessage("a"); writer.Complete(Usage.Of(0, 0), 0); },
        writer => { writer.Start(); writer.Complete(Usage.Of(0, 0), 0); writer.StartMessage("a"); },
        writer => { writer.Start(); writer.Complete(Usage.Of(0, 0), 0); writer.Fail(new() { Code = "c", Message = "m" }, null, 0); },
    ];

    [Theory]
    [MemberData(nameof(IllegalOrders))]
    public void An_illegal_order_is_a_bug(Action<ResponseStreamWriter> script) =>
        Assert.Throws<InvalidOperationException>(() => Streams.Write(script));

    [Fact]
    public void Deltas_allocate_nothing_once_warm()
    {
        var output = new ArrayBufferWriter<byte>(1 << 20);
        using var writer = new ResponseStreamWriter(output, Streams.Skeleton());
        writer.Start();
        writer.StartMessage("msg_1");
        writer.StartText();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 20; i++)
                writer.TextDelta("hello é ");
        }));
    }

    private static string Data(byte[] stream, int index) =>
        Streams.Read(stream)[index].Data.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
