using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Tests;

/// <summary>Promise: what an open loop measures leaves no waiting out (coordinated omission).</summary>
public sealed class OpenLoopTests
{
    private const double Rate = 200;
    private const int StallAt = 50;

    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task A_server_that_stalls_once_shows_in_the_percentiles()
    {
        using var server = new StallingServer(StallAt, Stall);
        var result = await new OpenLoop(Options(2)).RunAsync(async (_, _) =>
        {
            await server.ServeAsync();
            return Outcome.Of(200);
        });

        // Those due in the first half of the stall waited for its second half at least: 100 of 400.
        var load = result.Kinds[Outcome.OneKind];
        Assert.Equal(400, load.Requests);
        Assert.True(load.Latency.Percentile(0.76) >= Long, $"76 % took no longer than {load.Latency.Percentile(0.76)}");
    }

    /// <summary>The control: who sends the next request when the last is answered asks a stalled server nothing, and sees one long request.</summary>
    [Fact]
    public async Task A_client_that_waits_for_each_answer_does_not_see_it()
    {
        using var server = new StallingServer(StallAt, Stall);
        var latency = new Histogram();
        for (var i = 0; i < 400; i++)
        {
            var sent = TimeProvider.System.GetTimestamp();
            await server.ServeAsync();
            latency.Record(TimeProvider.System.GetElapsedTime(sent));
        }

        Assert.True(latency.Percentile(0.76) < Long, $"76 % took no longer than {latency.Percentile(0.76)}");
        Assert.True(latency.Max >= Long, $"The longest took {latency.Max}");
    }

    [Fact]
    public async Task A_request_that_is_never_answered_counts_as_failed_with_the_time_it_has_taken()
    {
        var never = new TaskCompletionSource<Outcome>();
        var options = new OpenLoopOptions(100, TimeSpan.FromSeconds(0.1), TimeSpan.Zero, TimeSpan.FromSeconds(0.3));
        var result = await new OpenLoop(options).RunAsync((number, _) => number == 3 ? new ValueTask<Outcome>(never.Task) : ValueTask.FromResult(Outcome.Of(200)));
        var load = result.Kinds[Outcome.OneKind];
        Assert.Equal((9, 1), (load.Requests, load.Failed));
        Assert.Equal(1, load.Failures["unanswered"]);
        Assert.True(load.Latency.Max >= options.Patience);
    }

    [Fact]
    public async Task What_an_arrival_throws_is_a_failure_by_its_name()
    {
        var result = await new OpenLoop(Options(0.1)).RunAsync((number, _) => number % 2 == 0 ? throw new InvalidDataException() : ValueTask.FromResult(Outcome.Of(503)));
        Assert.Equal((10, 10), (result.Kinds[Outcome.OneKind].Failures[nameof(InvalidDataException)], result.Kinds[Outcome.OneKind].Failures["503"]));
        Assert.Equal(0, result.Requests);
    }

    [Fact]
    public async Task Arrivals_before_the_measured_time_are_not_counted()
    {
        var begun = 0;
        var result = await new OpenLoop(Options(0.1) with { LeadIn = TimeSpan.FromSeconds(0.1) }).RunAsync((_, _) =>
        {
            Interlocked.Increment(ref begun);
            return ValueTask.FromResult(Outcome.Of(200));
        });
        Assert.Equal((40, 20L), (begun, result.Requests));
    }

    private static OpenLoopOptions Options(double seconds) => new(Rate, TimeSpan.FromSeconds(seconds), TimeSpan.Zero, TimeSpan.FromSeconds(60));
}
