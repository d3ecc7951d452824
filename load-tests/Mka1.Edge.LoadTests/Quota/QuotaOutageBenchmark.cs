using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text;
using Mka1.Edge.LoadTests.Support;
using Mka1.Edge.LoadTests.Upstream;
using Mka1.Edge.Local.Servers;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.LoadTests.Quota;

/// <summary>
/// What a Redis that stands still costs requests that are counted there: three gateways under a steady load, Redis stopped in the
/// middle. Times run from when a request was due, so that waiting requests hide nothing.
/// </summary>
internal static class QuotaOutageBenchmark
{
    private const int Replicas = 3;
    private const long Limit = 1_000_000_000;

    private static readonly TimeSpan Before = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan Stopped = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(8);

    public static async Task RunAsync(LoadOptions options, TextWriter output)
    {
        var key = ApiKeyFormat.Create();
        await using var modelServer = await ScriptedModelServer.StartAsync();
        await using var servers = await LocalServers.StartAsync();
        var gateways = new List<GatewayProcess>();
        try
        {
            for (var i = 0; i < Replicas; i++)
                gateways.Add(await GatewayProcess.StartAsync(modelServer.Address, key, servers.Postgres.Configuration, servers.Redis.Configuration, Limits()));
            using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 2000 }) { Timeout = TimeSpan.FromSeconds(30) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

            await LoadAsync(client, gateways, options.Rate, TimeSpan.FromSeconds(4), () => Phase.Before);
            await output.WriteLineAsync($"{Replicas} gateways, {options.Rate} requests/s, Redis stopped for {Stopped.TotalSeconds} s");
            var phase = Phase.Before;
            var load = LoadAsync(client, gateways, options.Rate, Before + Stopped + After, () => phase);
            await Task.Delay(Before);
            var redis = servers.Redis.Process.Id;
            try
            {
                await SignalAsync("STOP", redis);
                phase = Phase.Stopped;
                await Task.Delay(Stopped);
            }
            finally
            {
                await SignalAsync("CONT", redis);
                phase = Phase.After;
            }

            var back = await ReadyAsync(client, gateways);
            await ReportAsync(await load, back, output);
        }
        finally
        {
            foreach (var gateway in gateways) await gateway.DisposeAsync();
        }
    }

    /// <summary>So far from every limit as most callers are most of the time.</summary>
    private static JsonObject Limits() => new()
    {
        ["requests"] = new JsonArray(new JsonObject { ["window"] = "day", ["limit"] = Limit }),
        ["tokens"] = new JsonArray(new JsonObject { ["window"] = "day", ["limit"] = Limit }),
        ["concurrency"] = 10_000,
    };

    private static async Task<IReadOnlyCollection<Sample>> LoadAsync(HttpClient client, List<GatewayProcess> gateways, int rate, TimeSpan time, Func<Phase> phase)
    {
        var samples = new ConcurrentBag<Sample>();
        var began = TimeProvider.System.GetTimestamp();
        var requests = new List<Task>();
        for (var i = 0; ; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / rate);
            if (due >= time) break;
            var wait = due - TimeProvider.System.GetElapsedTime(began);
            if (wait > TimeSpan.Zero) await Task.Delay(wait);
            var (gateway, at) = (gateways[i % Replicas], phase());
            requests.Add(Task.Run(async () =>
            {
                var (granted, local) = await SendAsync(client, gateway);
                samples.Add(new Sample(at, (TimeProvider.System.GetElapsedTime(began) - due).TotalMilliseconds, granted, local));
            }));
        }

        await Task.WhenAll(requests);
        return samples;
    }

    private static async Task<(bool Granted, bool Local)> SendAsync(HttpClient client, GatewayProcess gateway)
    {
        using var body = new StringContent("""{"model":"m","input":"hi","store":false,"max_output_tokens":16}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri(gateway.Address + "/api/v1/llm/responses"), body);
        await answer.Content.CopyToAsync(Stream.Null);

        // A replica that decides by itself tells what is left of its part of the limit.
        var left = answer.Headers.TryGetValues("x-ratelimit-remaining-requests", out var values) ? long.Parse(values.Single(), CultureInfo.InvariantCulture) : Limit;
        return (answer.IsSuccessStatusCode, left < Limit / 2);
    }

    private static async Task<TimeSpan> ReadyAsync(HttpClient client, List<GatewayProcess> gateways)
    {
        var began = TimeProvider.System.GetTimestamp();
        foreach (var gateway in gateways)
        {
            while (await client.GetStringAsync(new Uri(gateway.Address + "/readyz")) != """{"status":"ok"}""") await Task.Delay(10);
        }

        return TimeProvider.System.GetElapsedTime(began);
    }

    private static async Task ReportAsync(IReadOnlyCollection<Sample> samples, TimeSpan back, TextWriter output)
    {
        var first = Percentile(samples, Phase.Before, 0.99);
        foreach (var phase in Enum.GetValues<Phase>())
        {
            var some = samples.Where(sample => sample.Phase == phase).ToList();
            var (half, most, longest) = (Percentile(some, phase, 0.5), Percentile(some, phase, 0.99), some.Max(sample => sample.Milliseconds));
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{phase,-8} {some.Count,5} requests, p50 {half,6:F1} ms, p99 {most,6:F1} ms ({most - first,+6:F1} ms, x {most / first:F2}), longest {longest,6:F1} ms, {some.Count(s => s.Local)} decided locally, {some.Count(s => !s.Granted)} not granted"));
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"ready again {back.TotalSeconds:F2} s after Redis went on"));
    }

    private static double Percentile(IEnumerable<Sample> samples, Phase phase, double share)
    {
        var values = samples.Where(sample => sample.Phase == phase).Select(sample => sample.Milliseconds).Order().ToList();
        return values[(int)(values.Count * share)];
    }

    private static async Task SignalAsync(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private enum Phase
    {
        Before,
        Stopped,
        After,
    }

    private sealed record Sample(Phase Phase, double Milliseconds, bool Granted, bool Local);
}
