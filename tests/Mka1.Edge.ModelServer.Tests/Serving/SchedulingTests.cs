using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.ModelServer.Prompting;
using Mka1.Edge.ModelServer.Tests.Support;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Tests.Serving;

/// <summary>What a request says of its turn and its cache, and what the server says of its load.</summary>
public sealed class SchedulingTests(EndlessServer server) : IClassFixture<EndlessServer>
{
    private const string Long = "A text that is long enough to fill some pages of the cache, since every byte of it is a token of its own.";

    [Theory]
    [InlineData("priority", RequestPriority.High)]
    [InlineData("default", RequestPriority.Normal)]
    [InlineData("auto", RequestPriority.Normal)]
    [InlineData("flex", RequestPriority.Low)]
    public void The_service_tier_is_the_priority(string tier, RequestPriority expected)
    {
        var plan = Plan(server.Running, new { model = "served", input = "Hello", service_tier = tier, prompt_cache_key = "mine" });
        Assert.Equal(expected, plan.Generation.Priority);
        Assert.Equal("mine", plan.Generation.CacheKey);
    }

    [Fact]
    public async Task What_was_computed_for_the_same_key_is_counted_as_cached()
    {
        await using var running = await RunningServer.StartAsync(EndlessModel.Path);
        var input = 0L;
        foreach (var (key, again) in new[] { ("a", false), ("b", false), (null, false), ("a", true), ("b", true), (null, true) })
        {
            var usage = (await running.AnswerAsync(new { model = "served", input = Long, max_output_tokens = 3, prompt_cache_key = key })).GetProperty("usage");
            var cached = usage.GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt64();
            input = usage.GetProperty("input_tokens").GetInt64();
            Assert.Equal(again ? (input - 1) / 16 * 16 : 0, cached);
        }
        Assert.True(input > Long.Length);
    }

    [Fact]
    public async Task Health_tells_pages_and_batch_while_answers_run_and_that_none_is_held_after()
    {
        await using var running = await RunningServer.StartAsync(EndlessModel.Path);
        using (var stream = await running.StreamAsync(new { model = "served", input = "Count.", stream = true }))
        {
            await stream.UntilAsync("response.output_text.delta");
            var busy = await running.HealthAsync();
            Assert.Equal(1, busy.GetProperty("active").GetInt32());
            Assert.Equal(1, busy.GetProperty("batch_size").GetInt32());
            Assert.InRange(busy.GetProperty("pages_used").GetInt32(), 1, busy.GetProperty("pages_total").GetInt32());
        }
        await Bound.UntilAsync(running.HealthAsync, health => health.GetProperty("active").GetInt32() == 0 && health.GetProperty("batch_size").GetInt32() == 0);
        Assert.Equal(0, (await running.HealthAsync()).GetProperty("pages_used").GetInt32());
    }

    [Fact]
    public async Task A_warm_server_has_generated_before_it_listens()
    {
        await using var app = ModelServerHost.Create(["--warmup", "--urls", "http://127.0.0.1:0", "--model", EndlessModel.Path, "--Logging:LogLevel:Default", "Warning"]);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var health = JsonElement.Parse(await client.GetStringAsync("/health"));
        Assert.True(health.GetProperty("tokens_decoded").GetInt64() > 0);
        Assert.Equal(0, health.GetProperty("pages_used").GetInt32());
    }

    [Fact]
    public async Task More_output_than_the_server_writes_is_refused_and_none_asked_for_is_the_limit()
    {
        await using var running = await RunningServer.StartAsync(EndlessModel.Path, options => options.MaxOutputTokens = 5);
        using var refused = await running.PostAsync("/v1/responses", new { model = "served", input = "Hello", max_output_tokens = 6 });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var error = JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal("max_output_tokens", error.GetProperty("param").GetString());

        var answer = await running.AnswerAsync(new { model = "served", input = "Hello" });
        Assert.Equal(5, answer.GetProperty("usage").GetProperty("output_tokens").GetInt64());
    }

    [Fact]
    public async Task A_cache_too_small_for_the_window_stops_the_start_and_names_its_key()
    {
        await using var app = ModelServerHost.Create(["--urls", "http://127.0.0.1:0", "--model", EndlessModel.Path, "--ModelServer:CacheBytes", "1000"]);
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());
        Assert.StartsWith("ModelServer:CacheBytes: ", Assert.Single(e.Failures), StringComparison.Ordinal);
    }

    private static AnswerPlan Plan(RunningServer running, object body)
    {
        var parsed = Assert.IsType<ParseResult<CreateResponseRequest>.Parsed>(RequestParser.ParseCreate(JsonSerializer.SerializeToUtf8Bytes(body)));
        return Assert.IsType<PlanResult.Ready>(running.App.Services.GetRequiredService<AnswerPlanner>().Plan(parsed.Request)).Plan;
    }
}
