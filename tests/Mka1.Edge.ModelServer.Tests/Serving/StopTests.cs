using System.Net;
using System.Text.Json;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Serving;

public sealed class StopTests
{
    [Fact]
    public async Task A_stream_that_outlives_the_drain_ends_with_an_error_and_a_failed_response()
    {
        await using var server = await RunningServer.StartAsync(EndlessModel.Path, options => options.Drain = TimeSpan.Zero);
        using var stream = await server.StreamAsync(new { model = "served", input = "Count.", stream = true, temperature = 0 });
        await stream.UntilAsync("response.output_text.delta");

        var stopped = server.App.StopAsync();

        var events = await stream.ToEndAsync();
        await stopped.WaitAsync(Bound.Generous);
        var error = events[^2];
        Assert.Equal("error", error.GetProperty("type").GetString());
        Assert.Equal("overloaded", error.GetProperty("code").GetString());
        Assert.Equal("overloaded", error.GetProperty("error").GetProperty("code").GetString());
        var response = events[^1].GetProperty("response");
        Assert.Equal("response.failed", events[^1].GetProperty("type").GetString());
        Assert.Equal("failed", response.GetProperty("status").GetString());
        Assert.True(response.GetProperty("usage").GetProperty("output_tokens").GetInt64() > 0);
    }

    [Fact]
    public async Task A_JSON_answer_that_outlives_the_drain_is_an_error_with_status_503()
    {
        await using var server = await RunningServer.StartAsync(EndlessModel.Path, options => options.Drain = TimeSpan.Zero);
        var answer = server.PostAsync("/v1/responses", new { model = "served", input = "Count.", temperature = 0 });
        await Bound.UntilAsync(server.HealthAsync, health => health.GetProperty("active").GetInt32() == 1);

        var stopped = server.App.StopAsync();

        using var response = await answer;
        await stopped.WaitAsync(Bound.Generous);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("overloaded", JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_short_answer_in_progress_is_finished_before_the_server_stops()
    {
        await using var server = await RunningServer.StartAsync(EndlessModel.Path);
        using var stream = await server.StreamAsync(new { model = "served", input = "Count.", stream = true, temperature = 0, max_output_tokens = 300 });
        await stream.UntilAsync("response.output_text.delta");

        var stopped = server.App.StopAsync();

        await stream.ToEndAsync();
        await stopped.WaitAsync(Bound.Generous);
        Assert.Equal(300, stream.Accumulator.Final!.Usage!.OutputTokens);
    }

    [Fact]
    public async Task While_answers_drain_health_says_so_and_new_requests_are_refused()
    {
        await using var server = await RunningServer.StartAsync(EndlessModel.Path, options => options.Drain = TimeSpan.FromMinutes(10));
        var stream = await server.StreamAsync(new { model = "served", input = "Count.", stream = true, temperature = 0 });
        await stream.UntilAsync("response.output_text.delta");

        var stopped = server.App.StopAsync();

        using var health = await Bound.UntilAsync(() => server.Client.GetAsync("/health"), response => response.StatusCode == HttpStatusCode.ServiceUnavailable);
        Assert.Equal("stopping", JsonElement.Parse(await health.Content.ReadAsStringAsync()).GetProperty("status").GetString());
        using var refused = await server.PostAsync("/v1/responses", new { model = "served", input = "Count." });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.False(stopped.IsCompleted);
        await stream.UntilAsync("response.output_text.delta");

        stream.Dispose();
        await stopped.WaitAsync(Bound.Generous);
    }
}
