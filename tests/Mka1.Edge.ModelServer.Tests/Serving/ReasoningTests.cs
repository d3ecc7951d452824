using System.Text.Json;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Serving;

/// <summary>What a model says in its think section is a reasoning item before the answer, and no longer than was asked for.</summary>
public sealed class ReasoningTests
{
    [Fact]
    public async Task A_thought_is_a_reasoning_item_before_the_message_and_its_tokens_are_counted()
    {
        await using var server = await ThinkingServer.StartAsync();

        var response = await AskAsync(server, "low");

        var output = response.GetProperty("output").EnumerateArray().ToList();
        Assert.Equal(["reasoning", "message"], output.Select(item => item.GetProperty("type").GetString()));
        Assert.Matches("^rs_[0-9a-f]{32}$", output[0].GetProperty("id").GetString());
        Assert.Equal("completed", output[0].GetProperty("status").GetString());
        Assert.Equal(0, output[0].GetProperty("summary").GetArrayLength());
        Assert.False(output[0].TryGetProperty("encrypted_content", out _));
        Assert.Equal(ThinkingModel.Thought, ThoughtOf(response));
        Assert.Equal("Four.", response.GetProperty("output_text").GetString());
        Assert.Equal("completed", response.GetProperty("status").GetString());
        Assert.Equal("low", response.GetProperty("reasoning").GetProperty("effort").GetString());
        Assert.Equal(ThinkingModel.SectionTokens, ReasoningTokens(response));
        Assert.Equal(ThinkingModel.SectionTokens + 2, response.GetProperty("usage").GetProperty("output_tokens").GetInt64());
    }

    [Fact]
    public async Task A_thought_streams_in_order_and_its_summary_after_it()
    {
        await using var server = await ThinkingServer.StartAsync();
        using var stream = await server.Running.StreamAsync(new
        {
            model = "served", input = "2 + 2?", temperature = 0, stream = true, reasoning = new { effort = "high", summary = "auto" },
        });

        var events = await stream.ToEndAsync();

        Assert.Equal(
            [
                "created", "in_progress",
                "output_item.added", "content_part.added", "reasoning_text.delta", "reasoning_text.done", "content_part.done",
                "reasoning_summary_part.added", "reasoning_summary_text.delta", "reasoning_summary_text.done", "reasoning_summary_part.done", "output_item.done",
                "output_item.added", "content_part.added", "output_text.delta", "output_text.done", "content_part.done", "output_item.done", "completed",
            ],
            events.Select(e => e.GetProperty("type").GetString()!["response.".Length..]).Aggregate(new List<string>(), (types, type) =>
            {
                if (types.Count == 0 || types[^1] != type)
                    types.Add(type);
                return types;
            }));
        var deltas = events.Where(e => e.GetProperty("type").GetString() == "response.reasoning_text.delta").Select(e => e.GetProperty("delta").GetString()).ToList();
        Assert.Equal(3, deltas.Count);
        Assert.Equal(ThinkingModel.Thought, string.Concat(deltas));
        var final = events[^1].GetProperty("response");
        Assert.Equal(ThinkingModel.Thought, ThoughtOf(final));
        Assert.Equal(ThinkingModel.Thought, final.GetProperty("output")[0].GetProperty("summary")[0].GetProperty("text").GetString());
        Assert.Equal("Four.", final.GetProperty("output_text").GetString());
    }

    [Theory]
    [InlineData("low", 5)]
    [InlineData("medium", 9)]
    [InlineData("high", 40)]
    [InlineData("max", 40)]
    public async Task A_thought_that_would_never_end_is_closed_when_its_budget_is_used_up(string effort, int budget)
    {
        await using var server = await ThinkingServer.StartAsync(endless: true, configure: options => options.ThinkingTokens = new() { Low = 5, Medium = 9, High = 40 });

        var response = await AskAsync(server, effort);

        Assert.Equal("completed", response.GetProperty("status").GetString());
        Assert.Equal("Four.", response.GetProperty("output_text").GetString());
        Assert.Equal(budget + 2, ReasoningTokens(response));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 3)]
    [InlineData(8, 6)]
    [InlineData(64, 48)]
    public async Task A_budget_leaves_room_in_max_output_tokens_for_the_answer(int maxOutputTokens, int reasoningTokens)
    {
        await using var server = await ThinkingServer.StartAsync(endless: true);

        var response = await AskAsync(server, "high", maxOutputTokens);

        Assert.Equal(reasoningTokens, ReasoningTokens(response));
        Assert.Equal("Four.", response.GetProperty("output_text").GetString());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("minimal")]
    [InlineData(null)]
    public async Task A_model_that_is_not_asked_to_think_answers_at_once(string? effort)
    {
        await using var server = await ThinkingServer.StartAsync();

        var response = await AskAsync(server, effort);

        var message = Assert.Single(response.GetProperty("output").EnumerateArray());
        Assert.Equal("message", message.GetProperty("type").GetString());
        Assert.Equal("Four.", response.GetProperty("output_text").GetString());
        Assert.Equal(0, ReasoningTokens(response));
        Assert.Equal(effort, response.GetProperty("reasoning").GetProperty("effort").GetString());
    }

    [Fact]
    public async Task A_section_opened_all_the_same_is_closed_at_once_under_effort_none_and_split_off_without_an_effort()
    {
        await using var server = await ThinkingServer.StartAsync(ThinkingModel.HeedlessTemplate);

        var none = await AskAsync(server, "none");
        var unasked = await AskAsync(server, null);

        Assert.Equal("message", Assert.Single(none.GetProperty("output").EnumerateArray()).GetProperty("type").GetString());
        Assert.Equal("Four.", none.GetProperty("output_text").GetString());
        Assert.Equal(2, ReasoningTokens(none));
        Assert.Equal(ThinkingModel.Thought, ThoughtOf(unasked));
        Assert.Equal("Four.", unasked.GetProperty("output_text").GetString());
    }

    [Fact]
    public async Task A_section_that_the_template_opens_is_split_off_as_well()
    {
        await using var server = await ThinkingServer.StartAsync(ThinkingModel.OpeningTemplate);

        var low = await AskAsync(server, "low");
        var none = await AskAsync(server, "none");

        Assert.Equal(ThinkingModel.Thought, ThoughtOf(low));
        Assert.Equal("Four.", low.GetProperty("output_text").GetString());
        // Opened in the prompt: three sentences, a line and the end tag are output.
        Assert.Equal(5, ReasoningTokens(low));
        Assert.Equal("Four.", none.GetProperty("output_text").GetString());
        Assert.Equal(1, ReasoningTokens(none));
    }

    [Fact]
    public async Task A_thought_cut_by_the_limit_of_a_prompt_that_opened_it_still_ends()
    {
        await using var server = await ThinkingServer.StartAsync(ThinkingModel.OpeningTemplate, endless: true);

        var response = await AskAsync(server, "high", maxOutputTokens: 1);

        Assert.Equal("incomplete", response.GetProperty("status").GetString());
        Assert.Equal("message", Assert.Single(response.GetProperty("output").EnumerateArray()).GetProperty("type").GetString());
        Assert.Equal(1, ReasoningTokens(response));
    }

    [Fact]
    public async Task A_JSON_schema_holds_after_the_section_and_not_inside_it()
    {
        await using var server = await ThinkingServer.StartAsync();
        var schema = new { type = "object", properties = new { n = new { type = "integer" } }, required = new[] { "n" }, additionalProperties = false };

        var response = await server.Running.AnswerAsync(new
        {
            model = "served", input = "2 + 2?", temperature = 0, reasoning = new { effort = "medium" },
            text = new { format = new { type = "json_schema", name = "sum", strict = true, schema } },
        });

        Assert.Equal(ThinkingModel.Thought, ThoughtOf(response));
        Assert.Equal(JsonValueKind.Number, JsonElement.Parse(response.GetProperty("output_text").GetString()!).GetProperty("n").ValueKind);
    }

    [Fact]
    public async Task A_required_call_comes_after_the_thought()
    {
        await using var server = await ThinkingServer.StartAsync();

        var response = await server.Running.AnswerAsync(new
        {
            model = "served", input = "2 + 2?", temperature = 0, reasoning = new { effort = "medium" }, tool_choice = "required", parallel_tool_calls = false,
            tools = new object[] { new { type = "function", name = "stop", parameters = new { type = "object", properties = new { }, additionalProperties = false } } },
        });

        var output = response.GetProperty("output").EnumerateArray().ToList();
        Assert.Equal(["reasoning", "function_call"], output.Select(item => item.GetProperty("type").GetString()));
        Assert.Equal(ThinkingModel.Thought, ThoughtOf(response));
        Assert.Equal("stop", output[1].GetProperty("name").GetString());
        Assert.Equal("{}", output[1].GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task Probabilities_are_those_of_the_answer_alone()
    {
        await using var server = await ThinkingServer.StartAsync();

        var response = await server.Running.AnswerAsync(new
        {
            model = "served", input = "2 + 2?", temperature = 0, reasoning = new { effort = "medium" }, include = new[] { "message.output_text.logprobs" },
        });

        var logprob = Assert.Single(response.GetProperty("output")[1].GetProperty("content")[0].GetProperty("logprobs").EnumerateArray());
        Assert.Equal("Four.", logprob.GetProperty("token").GetString());
    }

    [Fact]
    public async Task Thoughts_sent_back_are_shown_to_the_template_with_the_turn_they_belong_to()
    {
        await using var server = await ThinkingServer.StartAsync();
        var asked = new { role = "user", content = "Hi" };
        var thought = new { type = "reasoning", id = "rs_1", summary = Array.Empty<object>(), content = new[] { new { type = "reasoning_text", text = "abcde</think>" } } };
        var summarized = new { type = "reasoning", id = "rs_2", summary = new[] { new { type = "summary_text", text = "abcde" } } };
        var said = new { role = "assistant", content = "Hello" };
        var call = new { type = "function_call", call_id = "call_1", name = "f", arguments = "{}" };

        async Task<long> TokensAsync(params object[] input) => (await server.Running.AnswerAsync(new { model = "served", input, max_output_tokens = 1 }))
            .GetProperty("usage").GetProperty("input_tokens").GetInt64();

        // Thirteen bytes, in which nothing is special, and two tags.
        Assert.Equal(await TokensAsync(asked, said, asked) + 15, await TokensAsync(asked, thought, said, asked));
        Assert.Equal(await TokensAsync(asked, call) + 15, await TokensAsync(asked, thought, call));
        Assert.Equal(await TokensAsync(asked, asked), await TokensAsync(asked, thought, asked));
        Assert.Equal(await TokensAsync(asked, said, asked), await TokensAsync(asked, summarized, said, asked));
    }

    private static Task<JsonElement> AskAsync(ThinkingServer server, string? effort, int? maxOutputTokens = null) => server.Running.AnswerAsync(new
    {
        model = "served", input = "2 + 2?", temperature = 0, max_output_tokens = maxOutputTokens, reasoning = new { effort },
    });

    private static string? ThoughtOf(JsonElement response)
    {
        var item = response.GetProperty("output")[0];
        Assert.Equal("reasoning", item.GetProperty("type").GetString());
        var part = Assert.Single(item.GetProperty("content").EnumerateArray());
        Assert.Equal("reasoning_text", part.GetProperty("type").GetString());
        return part.GetProperty("text").GetString();
    }

    private static long ReasoningTokens(JsonElement response) =>
        response.GetProperty("usage").GetProperty("output_tokens_details").GetProperty("reasoning_tokens").GetInt64();
}
