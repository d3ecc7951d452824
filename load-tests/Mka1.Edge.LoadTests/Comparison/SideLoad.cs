using System.Net;
using Mka1.Edge.LoadTests.Measuring;
using Mka1.Edge.LoadTests.Wire;

namespace Mka1.Edge.LoadTests.Comparison;

/// <summary>The two kinds of load a side gets: as much as it can take, and a fixed rate.</summary>
internal static class SideLoad
{
    private const int WarmRequests = 3000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LeadIn = TimeSpan.FromSeconds(0.5);

    /// <summary>Requests until code has been compiled for good, which takes more of them than seconds.</summary>
    public static async Task WarmUpAsync(IPEndPoint server, IReadOnlyList<byte[]> requests, int connections)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var served = 0L; served < WarmRequests && TimeProvider.System.GetElapsedTime(began) < LongestWarmUp;)
            served += (await ClosedAsync(server, requests, connections, TimeSpan.FromSeconds(1))).Requests;
    }

    /// <summary>So many connections, each with the next request as soon as the last is answered: how much a side can take.</summary>
    public static async Task<LoadResult> ClosedAsync(IPEndPoint server, IReadOnlyList<byte[]> requests, int connections, TimeSpan time)
    {
        var tally = new Tally();
        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(number => Task.Run(() => LoopAsync(number))));
        return tally.Result(TimeProvider.System.GetElapsedTime(began));

        async Task LoopAsync(int number)
        {
            using var connection = new WireConnection(server);
            for (var i = number; TimeProvider.System.GetElapsedTime(began) < time; i += connections)
            {
                var sent = TimeProvider.System.GetTimestamp();
                var answer = await connection.ExchangeAsync(requests[i % requests.Count]);
                tally.Add(Outcome.Of(answer.Status, answer.Events), TimeProvider.System.GetElapsedTime(sent));
            }
        }
    }

    /// <summary>A fixed rate, whatever becomes of the answers; times run from when a request was due.</summary>
    public static async Task<LoadResult> OpenAsync(IPEndPoint server, IReadOnlyList<byte[]> requests, double rate, TimeSpan time)
    {
        // While connections are opened, nothing is counted.
        using var pool = new ConnectionPool(server);
        var result = await new OpenLoop(new OpenLoopOptions(rate, time, LeadIn, Patience)).RunAsync(SendAsync);
        return result.Kinds[Outcome.OneKind];

        async ValueTask<Outcome> SendAsync(long number, CancellationToken cancellation)
        {
            var connection = pool.Take();
            var answer = await connection.ExchangeAsync(requests[(int)(number % requests.Count)]);
            pool.Return(connection);
            return Outcome.Of(answer.Status, answer.Events);
        }
    }
}
