using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>Short requests at both replicas for as long as a fault lasts, with what came of each.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly Cluster _cluster;
    private readonly bool _store;
    private readonly CancellationTokenSource _done = new();
    private readonly Task[] _clients;
    private readonly int[] _had = new int[4];
    private readonly ConcurrentBag<(Answer Answer, TimeSpan Took)> _answers = [];

    /// <param name="cluster">Where to.</param>
    /// <param name="store">Whether the answers are to be stored.</param>
    public Load(Cluster cluster, bool store)
    {
        (_cluster, _store) = (cluster, store);
        _clients = [.. Enumerable.Range(0, _had.Length).Select(SendAsync)];
    }

    public int Count => _answers.Count;

    /// <summary>The longest that a client waited for its answer, whatever it was.</summary>
    public TimeSpan Longest => _answers.Max(entry => entry.Took);

    public IReadOnlyList<Answer> Refusals => [.. _answers.Select(entry => entry.Answer).Where(answer => answer.Status != HttpStatusCode.OK)];

    /// <summary>Waits for the last answers.</summary>
    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await Task.WhenAll(_clients);
    }

    /// <summary>Waits until every client has had so many more answers.</summary>
    public async Task MoreAsync(int answers)
    {
        var before = _had.ToArray();
        await Patience.UntilAsync(() => Task.FromResult(before.Zip(_had).All(had => had.Second >= had.First + answers)), $"every client has {answers} more answers");
    }

    /// <summary>Waits until every replica has stored an answer again.</summary>
    /// <returns>How long it took.</returns>
    public static async Task<TimeSpan> RecoveryAsync(Cluster cluster)
    {
        var clock = Stopwatch.StartNew();
        foreach (var replica in new[] { cluster.A, cluster.B })
        {
            await Patience.UntilAsync(
                async () => (await replica.CreateAsync(PacedRequest.New(1, 0).Body())).Status == HttpStatusCode.OK
                    && await replica.ReadinessAsync() == Cluster.Ready,
                $"{replica} stores again");
        }

        return clock.Elapsed;
    }

    private async Task SendAsync(int client)
    {
        var replica = _cluster[client % 2];
        while (!_done.IsCancellationRequested)
        {
            var clock = Stopwatch.StartNew();
            _answers.Add((await replica.CreateAsync(PacedRequest.New(2, 1).Body(store: _store)), clock.Elapsed));
            Interlocked.Increment(ref _had[client]);
            await Task.Delay(20);
        }
    }
}
