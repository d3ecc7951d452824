using System.Text.Json;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Trained;

/// <summary>What the models of the demo family answer, over HTTP, at temperature 0.</summary>
public sealed class TrainedModelTests(TrainedModels models) : IClassFixture<TrainedModels>
{
    private static readonly object Weather = new
    {
        type = "function",
        name = "get_weather",
        description = "Get the current weather in a given location",
        parameters = new
        {
            type = "object",
            properties = new { location = new { type = "string", description = "The city and state, e.g. San Francisco, CA" } },
            required = new[] { "location" },
            additionalProperties = false,
        },
    };

    public static TheoryData<string> Family => ["mka1-mini-dense", "mka1-mini-moe", "mka1-mini-int8", "mka1-mini-quantized"];

    [Theory]
    [MemberData(nameof(Family))]
    public async Task Knows_the_capital_of_France(string model)
    {
        var server = await models.OfAsync(model);

        var response = await server.AnswerAsync(new { model = "served", input = "What is the capital of France?", temperature = 0 });

        Assert.Equal("completed", response.GetProperty("status").GetString());
        var message = Assert.Single(response.GetProperty("output").EnumerateArray());
        Assert.Equal("assistant", message.GetProperty("role").GetString());
        Assert.Equal("completed", message.GetProperty("status").GetString());
        Assert.Contains("Paris", response.GetProperty("output_text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Family))]
    public async Task Streams_the_answer_it_gives_whole(string model)
    {
        var server = await models.OfAsync(model);
        var whole = await server.AnswerAsync(new { model = "served", input = "What is the capital of France?", temperature = 0 });

        using var stream = await server.StreamAsync(new { model = "served", input = "What is the capital of France?", temperature = 0, stream = true });
        var events = await stream.ToEndAsync();

        var deltas = string.Concat(events.Where(e => e.GetProperty("type").GetString() == "response.output_text.delta").Select(e => e.GetProperty("delta").GetString()));
        Assert.Equal(whole.GetProperty("output_text").GetString(), deltas);
        Assert.Equal(deltas, stream.Accumulator.Final!.OutputText);
        Assert.Equal(whole.GetProperty("usage").GetProperty("output_tokens").GetInt64(), stream.Accumulator.Final.Usage!.OutputTokens);
    }

    [Theory]
    [MemberData(nameof(Family))]
    public async Task Calls_a_function_of_its_own_accord_and_answers_with_its_result(string model)
    {
        var server = await models.OfAsync(model);
        var question = new { role = "user", content = "What is the weather in Paris?" };
        var tools = new[] { Weather };

        var asked = await server.AnswerAsync(new { model = "served", input = new[] { question }, tools, temperature = 0, parallel_tool_calls = false });
        var call = Assert.Single(asked.GetProperty("output").EnumerateArray());
        var answered = await server.AnswerAsync(new
        {
            model = "served",
            input = new object[] { question, call, new { type = "function_call_output", call_id = call.GetProperty("call_id").GetString(), output = "17°C and cloudy" } },
            tools,
            temperature = 0,
        });

        Assert.Equal("function_call", call.GetProperty("type").GetString());
        Assert.Equal("get_weather", call.GetProperty("name").GetString());
        Assert.Contains("Paris", JsonElement.Parse(call.GetProperty("arguments").GetString()!).GetProperty("location").GetString(), StringComparison.Ordinal);
        Assert.Contains("17", answered.GetProperty("output_text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Family))]
    public async Task Answers_in_JSON_when_held_to_it(string model)
    {
        var server = await models.OfAsync(model);

        var response = await server.AnswerAsync(new
        {
            model = "served",
            input = "Extract the name and the age: Ali is 30 years old.",
            temperature = 0,
            text = new
            {
                format = new
                {
                    type = "json_schema",
                    name = "person",
                    strict = true,
                    schema = new
                    {
                        type = "object",
                        properties = new { name = new { type = "string" }, age = new { type = "integer" } },
                        required = new[] { "name", "age" },
                        additionalProperties = false,
                    },
                },
            },
        });

        var person = JsonElement.Parse(response.GetProperty("output_text").GetString()!);
        Assert.Equal(["name", "age"], person.EnumerateObject().Select(p => p.Name));
        Assert.Equal(JsonValueKind.Number, person.GetProperty("age").ValueKind);
    }

    [Theory]
    [MemberData(nameof(Family))]
    public async Task Answers_many_at_once_as_it_does_one_alone(string model)
    {
        var server = await models.OfAsync(model);
        string[] questions = ["What is the capital of France?", "What is the capital of Japan?", "What is 2 plus 3?", "Who are you?"];
        async Task<string?> AskAsync(string question) =>
            (await server.AnswerAsync(new { model = "served", input = question, temperature = 0 })).GetProperty("output_text").GetString();
        var alone = new List<string?>();
        foreach (var question in questions)
            alone.Add(await AskAsync(question));

        var together = await Task.WhenAll(questions.Select(AskAsync));

        Assert.Equal(alone, together);
    }
}
