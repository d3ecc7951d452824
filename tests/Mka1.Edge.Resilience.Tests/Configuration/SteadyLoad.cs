using System.Collections.Concurrent;
using System.Net;
using Mka1.Edge.Resilience.Tests.Support;

namespace Mka1.Edge.Resilience.Tests.Configuration;

/// <summary>Requests at a steady rate and streams that are always open, at both replicas; every answer is checked to its last byte.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private const int Senders = 60;

    private readonly ReplicaPair _pair;
    private readonly TimeSpan _period;
    private readonly CancellationTokenSource _done = new();
    private readonly List<Task> _clients = [];
    private readonly ConcurrentQueue<string> _failed = new();
    private readonly ConcurrentQueue<string> _dropped = new();
    private int _requests;
    private int _streams;
    private int _open;

    /// <param name="pair">Where to.</param>
    /// <param name="perSecond">Requests a second in all, as far as the machine can.</param>
    /// <param name="streams">Streams open at any time.</param>
    public SteadyLoad(ReplicaPair pair, int perSecond, int streams)
    {
        (_pair, _period) = (pair, TimeSpan.FromSeconds((double)Senders / perSecond));
        for (var i = 0; i < Senders; i++) _clients.Add(SendAsync(i));
        for (var i = 0; i < streams; i++) _clients.Add(StreamAsync(i));
    }

    /// <summary>Requests that were answered, right or wrong.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Streams that have ended, right or wrong.</summary>
    public int Streams => Volatile.Read(ref _streams);

    /// <summary>Streams whose first event has come, and not their last.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>What went wrong with requests.</summary>
    public IReadOnlyCollection<string> Failed => _failed;

    /// <summary>What went wrong with streams.</summary>
    public IReadOnlyCollection<string> Dropped => _dropped;

    /// <summary>Begins nothing new, and waits for all that has begun.</summary>
    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await Task.WhenAll(_clients);
        _done.Dispose();
    }

    private async Task SendAsync(int client)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(_period);
        while (await NextAsync(timer))
        {
            var request = PacedRequest.New(deltas: 2, delayMs: 1);
            try
            {
                var answer = await _pair[client % _pair.Count].CreateAsync(request.Body(store: false));
                if (answer.Status != HttpStatusCode.OK || answer.Text != request.Text) _failed.Enqueue($"{answer.Status}: {answer.Body}");
            }
            catch (Exception e)
            {
                _failed.Enqueue(e.Message);
            }

            Interlocked.Increment(ref _requests);
        }
    }

    private async Task StreamAsync(int client)
    {
        await Task.Yield();
        while (!_done.IsCancellationRequested)
        {
            // About three seconds: each lives through several configurations. Every other one is stored, and goes on by itself.
            var request = PacedRequest.New(deltas: 12 + (client % 5), delayMs: 200);
            try
            {
                await ReadAsync(client, request);
            }
            catch (Exception e)
            {
                _dropped.Enqueue(e.Message);

                // Where nobody listens there is no need to hurry.
                await Task.Delay(50);
            }

            Interlocked.Increment(ref _streams);
        }
    }

    private async Task ReadAsync(int client, PacedRequest request)
    {
        using var stream = await _pair[client % _pair.Count].StreamAsync(request.Body(stream: true, store: client % 4 < 2));
        var events = new List<ReceivedEvent>();
        Interlocked.Increment(ref _open);
        try
        {
            await stream.ReadToEndAsync(events, Patience.Within(Patience.Long));
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }

        var verdict = StreamVerdict.Of(events, events, request.Text);
        if (verdict != StreamVerdict.Good || events.Count != request.Events) _dropped.Enqueue($"{verdict}, {events.Count} of {request.Events} events, the last: {events.LastOrDefault()?.Data}");
    }

    private async Task<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_done.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
