using System.Text.Json;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Serving;

/// <summary>What tools may be called is enforced, whatever the model would rather do: this one would rather say "tick".</summary>
public sealed class ToolCallingTests(EndlessServer server) : IClassFixture<EndlessServer>
{
    private static readonly object[] Tools =
    [
        new
        {
            type = "function",
            name = "get_weather",
            description = "The weather of a city.",
            strict = true,
            parameters = new
            {
                type = "object",
                properties = new { city = new { type = "string" }, unit = new { type = "string", @enum = new[] { "c", "f" } } },
                required = new[] { "city", "unit" },
                additionalProperties = false,
            },
        },
        new { type = "function", name = "stop", parameters = new { type = "object", properties = new { }, additionalProperties = false } },
    ];

    [Fact]
    public async Task A_forced_function_is_called_once_with_arguments_that_satisfy_its_schema()
    {
        var response = await AskAsync(new { type = "function", name = "get_weather" }, parallel: false);

        var call = Assert.Single(response.GetProperty("output").EnumerateArray());
        AssertWeatherCall(call);
        Assert.Equal("completed", response.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Required_calls_one_of_the_functions()
    {
        var response = await AskAsync("required", parallel: false);

        var call = Assert.Single(response.GetProperty("output").EnumerateArray());
        Assert.Equal("function_call", call.GetProperty("type").GetString());
        Assert.Contains(call.GetProperty("name").GetString(), new[] { "get_weather", "stop" });
    }

    [Fact]
    public async Task Allowed_tools_are_the_only_ones_called_and_the_tools_echoed_stay_whole()
    {
        var response = await AskAsync(new { type = "allowed_tools", mode = "required", tools = new[] { new { type = "function", name = "stop" } } }, parallel: false);

        var call = Assert.Single(response.GetProperty("output").EnumerateArray());
        Assert.Equal("stop", call.GetProperty("name").GetString());
        Assert.Equal("{}", call.GetProperty("arguments").GetString());
        Assert.Equal(2, response.GetProperty("tools").GetArrayLength());
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("none")]
    public async Task A_model_that_would_rather_talk_may(string choice)
    {
        var response = await AskAsync(choice, parallel: true, maxOutputTokens: 5);

        var message = Assert.Single(response.GetProperty("output").EnumerateArray());
        Assert.Equal("message", message.GetProperty("type").GetString());
        Assert.Equal("tick\ntick\ntick\ntick\ntick\n", response.GetProperty("output_text").GetString());
    }

    [Fact]
    public async Task A_call_streams_its_name_first_and_then_its_arguments_in_pieces()
    {
        using var stream = await server.Running.StreamAsync(Body(new { type = "function", name = "get_weather" }, parallel: false, stream: true));

        var events = await stream.ToEndAsync();

        var types = events.Select(e => e.GetProperty("type").GetString()).ToList();
        Assert.Equal(["response.created", "response.in_progress", "response.output_item.added"], types.Take(3));
        Assert.Equal(["response.function_call_arguments.done", "response.output_item.done", "response.completed"], types.TakeLast(3));
        Assert.All(types.Skip(3).SkipLast(3), type => Assert.Equal("response.function_call_arguments.delta", type));
        Assert.True(types.Count > 8, "The arguments came in one piece.");
        var added = events[2].GetProperty("item");
        Assert.Equal("", added.GetProperty("arguments").GetString());
        Assert.Equal("in_progress", added.GetProperty("status").GetString());
        var item = events[^2].GetProperty("item");
        Assert.Equal(added.GetProperty("call_id").GetString(), item.GetProperty("call_id").GetString());
        var deltas = string.Concat(events.Where(e => e.TryGetProperty("delta", out _)).Select(e => e.GetProperty("delta").GetString()));
        Assert.Equal(deltas, item.GetProperty("arguments").GetString());
        AssertWeatherCall(item);
    }

    [Fact]
    public async Task A_call_cut_by_the_limit_is_incomplete_and_last()
    {
        var response = await AskAsync(new { type = "function", name = "get_weather" }, parallel: false, maxOutputTokens: 45);

        var call = Assert.Single(response.GetProperty("output").EnumerateArray());
        Assert.Equal("function_call", call.GetProperty("type").GetString());
        Assert.Equal("incomplete", call.GetProperty("status").GetString());
        Assert.Equal("incomplete", response.GetProperty("status").GetString());
        Assert.StartsWith("""{"city":""", call.GetProperty("arguments").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_cut_before_its_name_is_whole_is_an_incomplete_call_and_no_empty_message()
    {
        var response = await AskAsync(new { type = "function", name = "get_weather" }, parallel: false, maxOutputTokens: 16);

        var call = Assert.Single(response.GetProperty("output").EnumerateArray());
        Assert.Equal("function_call", call.GetProperty("type").GetString());
        Assert.Equal("incomplete", call.GetProperty("status").GetString());
        Assert.StartsWith(call.GetProperty("name").GetString()!, "get_weather", StringComparison.Ordinal);
        Assert.Equal("", call.GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task The_result_of_a_call_is_read_with_the_call()
    {
        var asked = new { role = "user", content = "How is the weather in Paris?" };
        var call = new { type = "function_call", call_id = "call_1", name = "get_weather", arguments = """{"city":"Paris","unit":"c"}""" };
        var result = new { type = "function_call_output", call_id = "call_1", output = new[] { new { type = "input_text", text = "21°C" }, new { type = "input_text", text = ", sunny" } } };

        async Task<long> TokensAsync(params object[] input) => (await server.Running.AnswerAsync(new { model = "served", input, tools = Tools, max_output_tokens = 1 }))
            .GetProperty("usage").GetProperty("input_tokens").GetInt64();

        var alone = await TokensAsync(asked);
        var called = await TokensAsync(asked, call);
        var whole = await TokensAsync(asked, call, result);
        Assert.True(alone < called && called < whole, $"{alone} {called} {whole}");
    }

    [Fact]
    public async Task Reasoning_of_another_model_takes_no_place_in_the_prompt()
    {
        async Task<long> TokensAsync(params object[] input) => (await server.Running.AnswerAsync(new { model = "served", input, max_output_tokens = 1 }))
            .GetProperty("usage").GetProperty("input_tokens").GetInt64();
        var asked = new { role = "user", content = "Hello" };

        var with = await TokensAsync(asked, new { type = "reasoning", id = "rs_1", summary = new[] { new { type = "summary_text", text = "Thinking." } } });

        Assert.Equal(await TokensAsync(asked), with);
    }

    [Fact]
    public async Task A_JSON_object_is_JSON_whatever_the_model_would_say()
    {
        var response = await server.Running.AnswerAsync(new
        {
            model = "served", input = "An object, please.", temperature = 0, text = new { format = new { type = "json_object" } },
        });

        Assert.Equal("completed", response.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(response.GetProperty("output_text").GetString()!).ValueKind);
    }

    [Fact]
    public async Task A_JSON_schema_is_satisfied_whatever_the_model_would_say()
    {
        var schema = new
        {
            type = "object",
            properties = new { n = new { type = "integer" }, tags = new { type = "array", items = new { type = "string", @enum = new[] { "a", "b" } } } },
            required = new[] { "n", "tags" },
            additionalProperties = false,
        };

        var response = await server.Running.AnswerAsync(new
        {
            model = "served", input = "An object, please.", temperature = 0, text = new { format = new { type = "json_schema", name = "thing", strict = true, schema } },
        });

        var value = JsonElement.Parse(response.GetProperty("output_text").GetString()!);
        Assert.Equal(JsonValueKind.Number, value.GetProperty("n").ValueKind);
        Assert.Equal(JsonValueKind.Array, value.GetProperty("tags").ValueKind);
    }

    private static void AssertWeatherCall(JsonElement call)
    {
        Assert.Equal("function_call", call.GetProperty("type").GetString());
        Assert.Matches("^fc_[0-9a-f]{32}$", call.GetProperty("id").GetString());
        Assert.Matches("^call_[0-9a-f]{32}$", call.GetProperty("call_id").GetString());
        Assert.Equal("completed", call.GetProperty("status").GetString());
        Assert.Equal("get_weather", call.GetProperty("name").GetString());
        var arguments = JsonElement.Parse(call.GetProperty("arguments").GetString()!);
        Assert.Equal(["city", "unit"], arguments.EnumerateObject().Select(p => p.Name));
        Assert.Equal(JsonValueKind.String, arguments.GetProperty("city").ValueKind);
        Assert.Contains(arguments.GetProperty("unit").GetString(), new[] { "c", "f" });
    }

    private static object Body(object choice, bool parallel, int maxOutputTokens = 300, bool stream = false) => new
    {
        model = "served", input = "Weather?", temperature = 0, tools = Tools, tool_choice = choice, parallel_tool_calls = parallel, max_output_tokens = maxOutputTokens, stream,
    };

    private Task<JsonElement> AskAsync(object choice, bool parallel, int maxOutputTokens = 300) => server.Running.AnswerAsync(Body(choice, parallel, maxOutputTokens));
}
