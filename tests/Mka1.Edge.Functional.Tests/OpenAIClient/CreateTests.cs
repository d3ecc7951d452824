using Mka1.Edge.Functional.Tests.Support;
using OpenAI.Responses;

namespace Mka1.Edge.Functional.Tests.OpenAIClient;

/// <summary>Answers as the OpenAI .NET client sees them.</summary>
[Collection(LocalRunCollection.Name)]
public sealed class CreateTests(LocalRunFixture local)
{
    private ResponsesClient Client => Connect.To(local.Run.Address, local.Run.Tenants[0].Key);

    [Fact]
    public async Task A_string_is_answered()
    {
        ResponseResult answer = await Client.CreateResponseAsync(
            new CreateResponseOptions(LocalRunFixture.Model, [ResponseItem.CreateUserMessageItem("What is the capital of France?")]) { Temperature = 0 });

        Assert.Equal(ResponseStatus.Completed, answer.Status);
        Assert.Contains("Paris", answer.GetOutputText(), StringComparison.Ordinal);
        Assert.StartsWith("resp_", answer.Id, StringComparison.Ordinal);
        Assert.Equal(answer.Usage.TotalTokenCount, answer.Usage.InputTokenCount + answer.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task Earlier_messages_are_part_of_the_question()
    {
        ResponseResult answer = await Client.CreateResponseAsync(new CreateResponseOptions(
            LocalRunFixture.Model,
            [
                ResponseItem.CreateUserMessageItem("My name is Sara."),
                ResponseItem.CreateAssistantMessageItem("Nice to meet you, Sara!"),
                ResponseItem.CreateUserMessageItem("What is my name?"),
            ])
        {
            Temperature = 0,
        });
        Assert.Contains("Sara", answer.GetOutputText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_asked_for_is_echoed()
    {
        var options = new CreateResponseOptions(LocalRunFixture.Model, [ResponseItem.CreateUserMessageItem("Hello")])
        {
            Instructions = "Be concise.",
            MaxOutputTokenCount = 5,
            Temperature = 0.5f,
            SafetyIdentifier = "someone",
        };
        options.Metadata["colour"] = "blue";
        ResponseResult answer = await Client.CreateResponseAsync(options);

        Assert.Equal(5, answer.MaxOutputTokenCount);
        Assert.Equal(0.5f, answer.Temperature);
        Assert.Equal("someone", answer.SafetyIdentifier);
        Assert.Equal("blue", answer.Metadata["colour"]);
    }

    [Fact]
    public async Task Output_cut_short_is_incomplete_and_says_why()
    {
        ResponseResult answer = await Client.CreateResponseAsync(
            new CreateResponseOptions(LocalRunFixture.Model, [ResponseItem.CreateUserMessageItem("Count from 1 to 20.")]) { MaxOutputTokenCount = 3, Temperature = 0 });

        Assert.Equal(ResponseStatus.Incomplete, answer.Status);
        Assert.Equal(ResponseIncompleteStatusReason.MaxOutputTokens, answer.IncompleteStatusDetails.Reason);
        Assert.Equal(3, answer.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task A_schema_is_kept_to()
    {
        var schema = BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string","maxLength":40},"country":{"type":"string","maxLength":40}},"required":["city","country"],"additionalProperties":false}""");
        ResponseResult answer = await Client.CreateResponseAsync(new CreateResponseOptions(
            LocalRunFixture.Model, [ResponseItem.CreateUserMessageItem("Return a JSON object with the keys city and country for Lahore.")])
        {
            Temperature = 0,
            TextOptions = new ResponseTextOptions { TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("place", schema, jsonSchemaIsStrict: true) },
        });

        using var json = System.Text.Json.JsonDocument.Parse(answer.GetOutputText());
        Assert.Equal(["city", "country"], json.RootElement.EnumerateObject().Select(property => property.Name));
    }
}
