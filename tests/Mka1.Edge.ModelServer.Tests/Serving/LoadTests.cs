using System.Net;
using System.Text.Json;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Serving;

/// <summary>A server with one place and one waiting place.</summary>
public sealed class LoadTests : IAsyncLifetime
{
    private static readonly object Endless = new { model = "served", input = "Count.", stream = true, temperature = 0 };
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(EndlessModel.Path, options =>
    {
        options.MaxConcurrentRequests = 1;
        options.MaxQueuedRequests = 1;
        options.KeepAlive = TimeSpan.FromSeconds(1);
    });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task One_request_more_than_there_are_places_is_refused_and_told_when_to_return()
    {
        using var first = await _server.StreamAsync(Endless);
        await first.UntilAsync("response.output_text.delta");
        using var second = await _server.StreamAsync(Endless);
        Assert.Equal(1, (await _server.HealthAsync()).GetProperty("queued").GetInt32());

        using var third = await _server.PostAsync("/v1/responses", Endless);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, third.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), third.Headers.RetryAfter?.Delta);
        var error = JsonElement.Parse(await third.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal("overloaded", error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_request_that_waits_is_told_at_once_that_it_was_taken_and_kept_alive()
    {
        using var first = await _server.StreamAsync(Endless);
        await first.UntilAsync("response.output_text.delta");

        using var response = await _server.PostAsync("/v1/responses", Endless);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("event: response.created", await reader.ReadLineAsync().WaitAsync(Bound.Generous));
        var line = await Bound.UntilAsync(() => reader.ReadLineAsync().WaitAsync(Bound.Generous), line => line is null or ": keep-alive");
        Assert.Equal(": keep-alive", line);
    }

    [Fact]
    public async Task A_request_that_waits_is_served_when_the_one_before_it_leaves()
    {
        var first = await _server.StreamAsync(Endless);
        await first.UntilAsync("response.output_text.delta");
        using var second = await _server.StreamAsync(Endless);

        first.Dispose();

        await second.UntilAsync("response.output_text.delta");
    }

    [Fact]
    public async Task A_caller_that_leaves_the_queue_gives_its_place_back()
    {
        using var first = await _server.StreamAsync(Endless);
        await first.UntilAsync("response.output_text.delta");
        var second = await _server.StreamAsync(Endless);

        second.Dispose();

        await Bound.UntilAsync(_server.HealthAsync, health => health.GetProperty("queued").GetInt32() == 0);
        using var third = await _server.StreamAsync(Endless);
        await third.UntilAsync("response.in_progress");
    }
}
