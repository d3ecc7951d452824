using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.LoadTests.State;

/// <summary>
/// What keeping state costs: stored answers against unstored ones in interleaved rounds, how fast streams are replayed, and the
/// memory of idle streams. Clients, gateway, model server and stores share this machine, so only the ratios travel.
/// </summary>
internal static class StateBenchmark
{
    private const int ReplayedStreams = 200;
    private const int DeltasEach = 500;
    private const double KiB = 1024;
    private const string Path = "/api/v1/llm/responses";

    public static async Task RunAsync(LoadOptions options, TextWriter output)
    {
        await output.WriteLineAsync($"stores {options.Stores}, {options.Clients} clients, {options.Rounds} rounds of {options.Seconds} s each");
        await using (var bench = await TestBench.StartAsync(options))
        {
            await AnswersAsync(bench, options, output);
            await ReplayAsync(bench, options, output);
        }

        foreach (var store in new[] { false, true })
        {
            // A fresh gateway each: memory that a process has had once it seldom gives back.
            await using var bench = await TestBench.StartAsync(options);
            await IdleAsync(bench, options, store, output);
        }
    }

    private static async Task AnswersAsync(TestBench bench, LoadOptions options, TextWriter output)
    {
        var kinds = new (string Name, string Body)[]
        {
            ("unstored JSON", Body("hi", stream: false, store: false)),
            ("stored JSON", Body("hi", stream: false, store: true)),
            ("unstored SSE", Body("script(deltas=20 burst=20)", stream: true, store: false)),
            ("stored SSE", Body("script(deltas=20 burst=20)", stream: true, store: true)),
        };
        foreach (var kind in kinds) await RoundAsync(bench, kind.Body, options.Clients, TimeSpan.FromSeconds(1));

        var rates = kinds.ToDictionary(k => k.Name, _ => new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var (name, body) in kinds) rates[name].Add(await RoundAsync(bench, body, options.Clients, TimeSpan.FromSeconds(options.Seconds)));
        }

        foreach (var (name, each) in rates) await output.WriteLineAsync($"{name,-14} {Median(each),9:F0} requests/s (min {each.Min():F0}, max {each.Max():F0})");
        await output.WriteLineAsync(Ratio("stored / unstored JSON", rates["stored JSON"], rates["unstored JSON"]));
        await output.WriteLineAsync(Ratio("stored / unstored SSE", rates["stored SSE"], rates["unstored SSE"]));
    }

    /// <summary>Requests answered a second by so many clients, each with one request at a time.</summary>
    private static async Task<double> RoundAsync(TestBench bench, string body, int clients, TimeSpan time)
    {
        using var end = new CancellationTokenSource(time);
        var began = TimeProvider.System.GetTimestamp();
        var done = 0;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                using var answer = await bench.Client.PostAsync(Path, Json(body));
                answer.EnsureSuccessStatusCode();
                await answer.Content.CopyToAsync(Stream.Null);
                Interlocked.Increment(ref done);
            }
        })));
        return done / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task ReplayAsync(TestBench bench, LoadOptions options, TextWriter output)
    {
        var ids = new List<string>();
        for (var i = 0; i < ReplayedStreams; i++)
        {
            using var answer = await bench.Client.PostAsync(Path, Json(Body(FormattableString.Invariant($"script(deltas={DeltasEach} burst=40)"), stream: true, store: true)));
            var text = await answer.Content.ReadAsStringAsync();
            ids.Add(Id(text));
        }

        var events = 0L;
        var began = TimeProvider.System.GetTimestamp();
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = options.Clients }, async (id, token) =>
        {
            var text = await bench.Client.GetStringAsync(new Uri($"{Path}/{id}?stream=true", UriKind.Relative), token);
            Interlocked.Add(ref events, CountEvents(text));
        });
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        await output.WriteLineAsync($"resume         {events / seconds,9:F0} events/s ({ids.Count} streams of {DeltasEach} deltas read from the start)");
    }

    private static async Task IdleAsync(TestBench bench, LoadOptions options, bool store, TextWriter output)
    {
        await RoundAsync(bench, Body("script(deltas=20 burst=20)", stream: true, store), options.Clients, TimeSpan.FromSeconds(1));
        var before = bench.Gateway.ResidentBytes;
        var open = new List<HttpResponseMessage>();
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, options.Streams), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (_, token) =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = Json(Body("script(deltas=2 hold=1)", stream: true, store)) };
                var answer = await bench.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
                answer.EnsureSuccessStatusCode();
                lock (open) open.Add(answer);
            });

            // Long enough for a collection to have come by.
            await Task.Delay(TimeSpan.FromSeconds(5));
            var processor = bench.Gateway.ProcessorTime;
            await Task.Delay(TimeSpan.FromSeconds(5));
            var share = (bench.Gateway.ProcessorTime - processor).TotalSeconds / 5;
            var each = (bench.Gateway.ResidentBytes - before) / (double)open.Count / KiB;
            await output.WriteLineAsync($"{(store ? "stored" : "unstored"),-9} idle {open.Count,6} streams open, {each,6:F1} KiB resident each, {share:P0} of a core");
        }
        finally
        {
            foreach (var answer in open) answer.Dispose();
        }
    }

    private static string Body(string input, bool stream, bool store) =>
        $$"""{"model":"m","input":"{{input}}","stream":{{(stream ? "true" : "false")}},"store":{{(store ? "true" : "false")}}}""";

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static string Id(string events)
    {
        var data = events.Split('\n').First(line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..];
        using var document = JsonDocument.Parse(data);
        return document.RootElement.GetProperty("response").GetProperty("id").GetString()!;
    }

    private static long CountEvents(string text)
    {
        var count = 0L;
        for (var at = text.IndexOf("event: ", StringComparison.Ordinal); at >= 0; at = text.IndexOf("event: ", at + 1, StringComparison.Ordinal)) count++;
        return count;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Ratio(string name, List<double> a, List<double> b) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}: {Median([.. a.Zip(b, (x, y) => x / y)]):F2} (median of the rounds)");
}
