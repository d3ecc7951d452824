using System.ClientModel;
using System.Text.Json;
using OpenAI.Responses;

namespace Mka1.Edge.Functional.Tests.ChatPools;

/// <summary>The OpenAI .NET client through the gateway, in front of our own model server's chat endpoint.</summary>
public sealed class OwnServerTests(ChatPoolFixture pools) : IClassFixture<ChatPoolFixture>
{
    private static readonly ResponseTool Weather = ResponseTool.CreateFunctionTool(
        "get_weather",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string","description":"The name of the city"}},"required":["city"],"additionalProperties":false}"""),
        strictModeEnabled: true,
        functionDescription: "Get the current weather in a given location");

    [Fact]
    public async Task A_question_is_answered()
    {
        ResponseResult answer = await pools.Client.CreateResponseAsync(Ask("What is the capital of France?"));

        Assert.Equal(ResponseStatus.Completed, answer.Status);
        Assert.Contains("Paris", answer.GetOutputText(), StringComparison.Ordinal);
        Assert.True(answer.Usage.OutputTokenCount > 0);
    }

    [Fact]
    public async Task A_stream_adds_up_to_the_answer()
    {
        var text = "";
        ResponseResult? final = null;
        await foreach (var update in await pools.Client.CreateResponseStreamingAsync(Ask("What is the capital of France?", stream: true)))
        {
            if (update is StreamingResponseOutputTextDeltaUpdate delta) text += delta.Delta;
            if (update is StreamingResponseCompletedUpdate completed) final = completed.Response;
        }

        Assert.Contains("Paris", text, StringComparison.Ordinal);
        Assert.Equal(text, final!.GetOutputText());
    }

    [Fact]
    public async Task A_streamed_call_goes_out_and_its_result_comes_back_in_a_later_turn()
    {
        var question = Ask("What is the weather in Paris?", stream: true);
        question.Tools.Add(Weather);
        var arguments = "";
        ResponseResult? first = null;
        await foreach (var update in await pools.Client.CreateResponseStreamingAsync(question))
        {
            if (update is StreamingResponseFunctionCallArgumentsDeltaUpdate delta) arguments += delta.Delta;
            if (update is StreamingResponseCompletedUpdate completed) first = completed.Response;
        }

        var call = Assert.IsType<FunctionCallResponseItem>(Assert.Single(first!.OutputItems));
        Assert.Equal(call.FunctionArguments.ToString(), arguments);
        Assert.Equal("Paris", JsonDocument.Parse(arguments).RootElement.GetProperty("city").GetString());

        var next = new CreateResponseOptions(ChatPoolFixture.Own, [ResponseItem.CreateFunctionCallOutputItem(call.CallId, "31°C and sunny")]) { Temperature = 0, PreviousResponseId = first.Id };
        next.Tools.Add(Weather);
        ResponseResult second = await pools.Client.CreateResponseAsync(next);
        Assert.Contains("31", second.GetOutputText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_holds()
    {
        var options = Ask("Give me a number.");
        options.TextOptions = new ResponseTextOptions
        {
            TextFormat = ResponseTextFormat.CreateJsonSchemaFormat(
                "number", BinaryData.FromString("""{"type":"object","properties":{"n":{"enum":[7]}},"required":["n"],"additionalProperties":false}"""), jsonSchemaIsStrict: true),
        };
        ResponseResult answer = await pools.Client.CreateResponseAsync(options);

        Assert.Equal(7, JsonDocument.Parse(answer.GetOutputText()).RootElement.GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task An_answer_cut_short_is_incomplete()
    {
        var options = Ask("Count from 1 to 20.");
        options.MaxOutputTokenCount = 3;
        ResponseResult answer = await pools.Client.CreateResponseAsync(options);

        Assert.Equal((ResponseStatus.Incomplete, ResponseIncompleteStatusReason.MaxOutputTokens), (answer.Status!.Value, answer.IncompleteStatusDetails.Reason!.Value));
    }

    [Fact]
    public async Task What_the_server_refuses_is_told_with_its_reason()
    {
        var options = Ask("hi");
        options.TextOptions = new ResponseTextOptions
        {
            TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("odd", BinaryData.FromString("""{"type":"object","properties":{"a":{"not":{}}}}"""), jsonSchemaIsStrict: true),
        };
        var refusal = await Assert.ThrowsAsync<ClientResultException>(async () => await pools.Client.CreateResponseAsync(options));

        Assert.Equal(400, refusal.Status);
        Assert.Contains("text.format.schema.properties.a.not", refusal.Message, StringComparison.Ordinal);
    }

    private static CreateResponseOptions Ask(string text, bool stream = false) =>
        new(ChatPoolFixture.Own, [ResponseItem.CreateUserMessageItem(text)]) { Temperature = 0, StreamingEnabled = stream };
}
