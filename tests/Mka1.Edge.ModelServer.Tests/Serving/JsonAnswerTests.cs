using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Serving;

public sealed class JsonAnswerTests(EndlessServer server) : IClassFixture<EndlessServer>
{
    [Fact]
    public async Task An_answer_cut_by_max_output_tokens_is_incomplete_and_says_so()
    {
        var response = await server.Running.AnswerAsync(new { model = "served", input = "Hello", temperature = 0, max_output_tokens = 1 });

        Assert.Equal("incomplete", response.GetProperty("status").GetString());
        Assert.Equal("max_output_tokens", response.GetProperty("incomplete_details").GetProperty("reason").GetString());
        var message = Assert.Single(response.GetProperty("output").EnumerateArray());
        Assert.Equal("message", message.GetProperty("type").GetString());
        Assert.Equal("incomplete", message.GetProperty("status").GetString());
        Assert.Equal("tick\n", message.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("tick\n", response.GetProperty("output_text").GetString());
        Assert.Equal(1, response.GetProperty("usage").GetProperty("output_tokens").GetInt64());
    }

    [Fact]
    public async Task An_answer_echoes_its_request_and_says_that_nothing_is_stored()
    {
        var response = await server.Running.AnswerAsync(new
        {
            model = "served", input = "Hello", max_output_tokens = 2, store = true, metadata = new { a = "b" }, safety_identifier = "s", instructions = "Be brief.",
        });

        Assert.Matches("^resp_[0-9a-f]{32}$", response.GetProperty("id").GetString());
        Assert.Equal("response", response.GetProperty("object").GetString());
        Assert.Equal("served", response.GetProperty("model").GetString());
        Assert.False(response.GetProperty("store").GetBoolean());
        Assert.Equal("b", response.GetProperty("metadata").GetProperty("a").GetString());
        Assert.Equal("s", response.GetProperty("safety_identifier").GetString());
        Assert.Equal("Be brief.", response.GetProperty("instructions").GetString());
        Assert.Equal(2, response.GetProperty("max_output_tokens").GetInt32());
        Assert.True(response.GetProperty("completed_at").GetInt64() >= response.GetProperty("created_at").GetInt64());
    }

    [Fact]
    public async Task Usage_is_what_counting_the_same_input_says()
    {
        var body = new { model = "served", input = "How many tokens is this? 東京", instructions = "Count.", max_output_tokens = 3 };

        var usage = (await server.Running.AnswerAsync(body)).GetProperty("usage");
        using var counted = await server.Running.PostAsync("/v1/responses/input_tokens", body);
        var count = System.Text.Json.JsonElement.Parse(await counted.Content.ReadAsStringAsync());

        Assert.Equal("response.input_tokens", count.GetProperty("object").GetString());
        Assert.Equal(usage.GetProperty("input_tokens").GetInt64(), count.GetProperty("input_tokens").GetInt64());
        Assert.Equal(3, usage.GetProperty("output_tokens").GetInt64());
        Assert.Equal(usage.GetProperty("input_tokens").GetInt64() + 3, usage.GetProperty("total_tokens").GetInt64());
        Assert.Equal(0, usage.GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt64());
        Assert.Equal(0, usage.GetProperty("output_tokens_details").GetProperty("reasoning_tokens").GetInt64());
    }

    [Fact]
    public async Task Several_requests_at_once_all_get_their_whole_answer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(1, 12).Select(n =>
            server.Running.AnswerAsync(new { model = "served", input = $"Request {n}", temperature = 0, max_output_tokens = n })));

        Assert.All(answers.Select((answer, i) => (answer, n: i + 1)), pair =>
            Assert.Equal(string.Concat(Enumerable.Repeat("tick\n", pair.n)), pair.answer.GetProperty("output_text").GetString()));
    }
}
