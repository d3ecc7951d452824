using System.Collections.Concurrent;
using System.Globalization;

namespace Mka1.Edge.LoadTests.Measuring;

/// <summary>
/// Requests that arrive at a fixed rate, whatever becomes of the earlier ones. Each one's time runs from when it was due, so that
/// requests that a stalled server kept from being sent, or answered, are not left out of the percentiles (coordinated omission).
/// </summary>
internal sealed class OpenLoop(OpenLoopOptions options)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Tally> _tallies = new();
    private readonly ConcurrentDictionary<long, long> _running = new();
    private readonly Histogram _lateness = new();
    private readonly Histogram _soFar = new();
    private long _begun;
    private long _failed;

    /// <summary>Complete when the last request is answered, or when patience is over: what is unanswered then counts as failed, with the time it has taken so far.</summary>
    /// <param name="arrive">One arrival; gets its number from 0. What it throws is a failure.</param>
    /// <param name="progress">Gets a line every other second; null for none.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<OpenLoopResult> RunAsync(Func<long, CancellationToken, ValueTask<Outcome>> arrive, TextWriter? progress = null, CancellationToken cancellation = default)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var uncounted = (long)Math.Round(options.Rate * options.LeadIn.TotalSeconds);
        var telling = progress is null ? Task.CompletedTask : TellAsync(progress, end.Token);
        await Schedule.RunAsync(options.Rate, options.LeadIn + options.Time, (number, due) => _ = OneAsync(number, due), end.Token);
        var last = TimeProvider.System.GetTimestamp();
        while (!_running.IsEmpty && TimeProvider.System.GetElapsedTime(last) < options.Patience && !cancellation.IsCancellationRequested) await Task.Delay(5, CancellationToken.None);
        foreach (var (number, due) in _running)
        {
            // Whoever takes an arrival out of the running ones counts it, so that none counts twice.
            if (_running.TryRemove(number, out _)) Count(number, due, new Outcome(false, "unanswered"));
        }

        await end.CancelAsync();
        await telling;
        return new OpenLoopResult(_tallies.ToDictionary(pair => pair.Key, pair => pair.Value.Result(options.Time)), _lateness);

        async Task OneAsync(long number, long due)
        {
            Interlocked.Increment(ref _begun);
            _running[number] = due;
            if (number >= uncounted) _lateness.Record(TimeProvider.System.GetElapsedTime(due));
            Outcome outcome;
            try
            {
                outcome = await arrive(number, end.Token);
            }
            catch (Exception e)
            {
                outcome = new Outcome(false, e.GetType().Name);
            }

            if (_running.TryRemove(number, out _)) Count(number, due, outcome);
        }

        void Count(long number, long due, Outcome outcome)
        {
            if (number < uncounted) return;
            var latency = TimeProvider.System.GetElapsedTime(due);
            _soFar.Record(latency);
            if (!outcome.Ok) Interlocked.Increment(ref _failed);
            _tallies.GetOrAdd(outcome.Kind, static _ => new Tally()).Add(outcome, latency);
        }
    }

    private async Task TellAsync(TextWriter progress, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(ProgressEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                await progress.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{TimeProvider.System.GetElapsedTime(began).TotalSeconds,6:F1} s  begun {Interlocked.Read(ref _begun)}, under way {_running.Count}, failed {Interlocked.Read(ref _failed)}, p50 {_soFar.Percentile(0.5).TotalMilliseconds:F2} ms, p99 {_soFar.Percentile(0.99).TotalMilliseconds:F2} ms"));
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
