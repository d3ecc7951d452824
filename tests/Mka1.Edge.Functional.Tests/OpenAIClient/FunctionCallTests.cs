using System.Text.Json;
using Mka1.Edge.Functional.Tests.Support;
using OpenAI.Responses;

namespace Mka1.Edge.Functional.Tests.OpenAIClient;

/// <summary>A function call goes out, its output comes back, and the final answer uses it.</summary>
[Collection(LocalRunCollection.Name)]
public sealed class FunctionCallTests(LocalRunFixture local)
{
    private static readonly ResponseTool Weather = ResponseTool.CreateFunctionTool(
        "get_weather",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string","description":"The name of the city"}},"required":["city"],"additionalProperties":false}"""),
        strictModeEnabled: true,
        functionDescription: "Get the current weather in a given location");

    private ResponsesClient Client => Connect.To(local.Run.Address, local.Run.Tenants[0].Key);

    [Fact]
    public async Task The_final_answer_uses_the_output_of_the_call()
    {
        var question = Options([ResponseItem.CreateUserMessageItem("What is the weather in Paris?")]);
        ResponseResult first = await Client.CreateResponseAsync(question);
        var call = Assert.IsType<FunctionCallResponseItem>(Assert.Single(first.OutputItems));
        AssertWeatherCall(call);

        ResponseResult second = await Client.CreateResponseAsync(Options(
            [.. question.InputItems, call, ResponseItem.CreateFunctionCallOutputItem(call.CallId, "31°C and sunny")]));
        Assert.Contains("31", second.GetOutputText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_streamed_call_arrives_in_pieces_that_add_up()
    {
        var arguments = "";
        FunctionCallResponseItem? call = null;
        var question = Options([ResponseItem.CreateUserMessageItem("What is the weather in Paris?")]);
        question.StreamingEnabled = true;
        await foreach (var update in await Client.CreateResponseStreamingAsync(question))
        {
            if (update is StreamingResponseFunctionCallArgumentsDeltaUpdate delta) arguments += delta.Delta;
            if (update is StreamingResponseOutputItemDoneUpdate { Item: FunctionCallResponseItem done }) call = done;
        }

        Assert.NotNull(call);
        Assert.Equal(call.FunctionArguments.ToString(), arguments);
        AssertWeatherCall(call);
    }

    [Fact]
    public async Task A_tool_that_must_be_called_is_called()
    {
        var options = Options([ResponseItem.CreateUserMessageItem("Hello")]);
        options.ToolChoice = ResponseToolChoice.CreateRequiredChoice();
        ResponseResult answer = await Client.CreateResponseAsync(options);
        Assert.Contains(answer.OutputItems, item => item is FunctionCallResponseItem { FunctionName: "get_weather" });
    }

    private static CreateResponseOptions Options(IEnumerable<ResponseItem> input)
    {
        var options = new CreateResponseOptions(LocalRunFixture.Model, input) { Temperature = 0 };
        options.Tools.Add(Weather);
        return options;
    }

    private static void AssertWeatherCall(FunctionCallResponseItem call)
    {
        Assert.Equal("get_weather", call.FunctionName);
        using var arguments = JsonDocument.Parse(call.FunctionArguments);
        Assert.Equal("Paris", arguments.RootElement.GetProperty("city").GetString());
        Assert.NotEmpty(call.CallId);
    }
}
