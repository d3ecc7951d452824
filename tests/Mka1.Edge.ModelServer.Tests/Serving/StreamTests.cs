using System.Text.Json;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Serving;

public sealed class StreamTests(EndlessServer server) : IClassFixture<EndlessServer>
{
    [Fact]
    public async Task A_text_answer_sends_its_events_in_the_order_of_the_contract()
    {
        using var stream = await server.Running.StreamAsync(new { model = "served", input = "Hello", stream = true, temperature = 0, max_output_tokens = 3 });

        var events = await stream.ToEndAsync();

        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
                "response.output_text.delta", "response.output_text.delta", "response.output_text.delta",
                "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.incomplete",
            ],
            events.Select(e => e.GetProperty("type").GetString()));
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.GetProperty("sequence_number").GetInt32()));
        Assert.Equal("tick\ntick\ntick\n", stream.Accumulator.Final!.OutputText);
        Assert.Equal(3, stream.Accumulator.Final.Usage!.OutputTokens);
        var last = events[^1].GetProperty("response");
        Assert.Equal("max_output_tokens", last.GetProperty("incomplete_details").GetProperty("reason").GetString());
        Assert.Equal("incomplete", last.GetProperty("output")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_first_delta_arrives_while_decoding_goes_on()
    {
        using var stream = await server.Running.StreamAsync(new { model = "served", input = "Count.", stream = true, temperature = 0 });

        await stream.UntilAsync("response.output_text.delta");

        var then = await server.Running.HealthAsync();
        Assert.Equal(1, then.GetProperty("active").GetInt32());
        var decoded = then.GetProperty("tokens_decoded").GetInt64();
        await Bound.UntilAsync(server.Running.HealthAsync, health => health.GetProperty("tokens_decoded").GetInt64() > decoded + 10);
        Assert.Null(stream.Accumulator.Final);
    }

    [Fact]
    public async Task A_caller_that_leaves_a_stream_stops_its_decoding()
    {
        using (var stream = await server.Running.StreamAsync(new { model = "served", input = "Count.", stream = true, temperature = 0 }))
            await stream.UntilAsync("response.output_text.delta");

        await AssertDecodingStopsAsync();
    }

    [Fact]
    public async Task A_caller_that_leaves_a_JSON_answer_stops_its_decoding()
    {
        using var leave = new CancellationTokenSource();
        var answer = server.Running.PostAsync("/v1/responses", new { model = "served", input = "Count.", temperature = 0 }, leave.Token);
        await Bound.UntilAsync(server.Running.HealthAsync, health => health.GetProperty("active").GetInt32() == 1);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await AssertDecodingStopsAsync();
    }

    [Fact]
    public async Task Temperature_0_takes_the_likeliest_token_and_a_high_one_does_not_always()
    {
        async Task<string> SayAsync(double temperature) =>
            (await server.Running.AnswerAsync(new { model = "served", input = "Say.", temperature, max_output_tokens = 200 })).GetProperty("output_text").GetString()!;

        var likeliest = string.Concat(Enumerable.Repeat("tick\n", 200));
        Assert.Equal(likeliest, await SayAsync(0));
        // At temperature 1 about one token in five is another one: two hundred ticks in a row would be a miracle.
        Assert.NotEqual(likeliest, await SayAsync(1));
    }

    [Fact]
    public async Task Logprobs_come_with_deltas_with_the_done_event_and_in_the_response()
    {
        using var stream = await server.Running.StreamAsync(new
        {
            model = "served", input = "Hello", stream = true, temperature = 0, max_output_tokens = 2, top_logprobs = 3, include = new[] { "message.output_text.logprobs" },
        });

        var events = await stream.ToEndAsync();

        var deltas = events.Where(e => e.GetProperty("type").GetString() == "response.output_text.delta").Select(e => Assert.Single(e.GetProperty("logprobs").EnumerateArray())).ToList();
        var done = events.Single(e => e.GetProperty("type").GetString() == "response.output_text.done").GetProperty("logprobs").EnumerateArray().ToList();
        var final = events[^1].GetProperty("response").GetProperty("output")[0].GetProperty("content")[0].GetProperty("logprobs").EnumerateArray().ToList();
        Assert.Equal(2, deltas.Count);
        Assert.Equal(deltas.Select(d => d.ToString()), done.Select(d => d.ToString()));
        Assert.Equal(deltas.Select(d => d.ToString()), final.Select(d => d.ToString()));
        Assert.All(deltas, AssertTick);
    }

    [Fact]
    public async Task Without_a_wish_for_them_there_are_no_logprobs()
    {
        var response = await server.Running.AnswerAsync(new { model = "served", input = "Hello", max_output_tokens = 1 });

        Assert.Empty(response.GetProperty("output")[0].GetProperty("content")[0].GetProperty("logprobs").EnumerateArray());
    }

    private static void AssertTick(JsonElement entry)
    {
        Assert.Equal("tick\n", entry.GetProperty("token").GetString());
        Assert.Equal("tick\n"u8.ToArray().Select(b => (int)b), entry.GetProperty("bytes").EnumerateArray().Select(b => b.GetInt32()));
        var top = entry.GetProperty("top_logprobs").EnumerateArray().ToList();
        Assert.Equal(3, top.Count);
        Assert.Equal("tick\n", top[0].GetProperty("token").GetString());
        Assert.Equal("\"", top[1].GetProperty("token").GetString());
        Assert.InRange(entry.GetProperty("logprob").GetDouble(), -0.5, -0.1);
        Assert.True(top[1].GetProperty("logprob").GetDouble() < top[0].GetProperty("logprob").GetDouble());
    }

    private async Task AssertDecodingStopsAsync()
    {
        var idle = await server.Running.IdleAsync();
        // A thousand health checks are more than enough time for another token.
        for (var i = 0; i < 1000; i++)
            await server.Running.HealthAsync();
        Assert.Equal(idle.GetProperty("tokens_decoded").GetInt64(), (await server.Running.HealthAsync()).GetProperty("tokens_decoded").GetInt64());
    }
}
