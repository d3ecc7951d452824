using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mka1.Edge.LoadTests.Support;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.LoadTests.Balancing;

/// <summary>
/// The same trace of conversations over three real model servers, one of them much smaller than the others, by each way of choosing
/// between them: time to the first token, and how much of the prompts the servers had computed already.
/// </summary>
internal static class BalancingBenchmark
{
    private static readonly string[] Policies = ["roundRobin", "loadAware", "affinity"];
    private static readonly int[] Places = [8, 8, 1];

    public static async Task RunAsync(LoadOptions options, TextWriter output)
    {
        var key = ApiKeyFormat.Create();
        var servers = new List<ModelServerProcess>();
        var gateways = new Dictionary<string, GatewayProcess>();
        try
        {
            foreach (var places in Places) servers.Add(await ModelServerProcess.StartAsync(places));
            foreach (var policy in Policies) gateways[policy] = await GatewayProcess.StartAsync(Config(servers, policy, key));
            using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 2000 }) { Timeout = TimeSpan.FromMinutes(5) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            await output.WriteLineAsync($"3 model servers with {string.Join(", ", Places)} places, {options.Rate} requests/s, {options.Rounds} rounds of {options.Seconds} s each");

            var samples = Policies.ToDictionary(policy => policy, _ => new List<Sample>());
            for (var round = 0; round < options.Rounds; round++)
            {
                // Each policy comes first as often as the others.
                foreach (var policy in Policies.Skip(round % Policies.Length).Concat(Policies.Take(round % Policies.Length)))
                    samples[policy].AddRange(await PlayAsync(client, gateways[policy].Address, BalancingTrace.Create($"{policy[..4]}{round}", options.Rate, options.Seconds)));
            }

            foreach (var policy in Policies) await ReportAsync(policy, samples[policy], samples[Policies[0]], output);
        }
        finally
        {
            foreach (var gateway in gateways.Values) await gateway.DisposeAsync();
            foreach (var server in servers) await server.DisposeAsync();
        }
    }

    private static JsonObject Config(List<ModelServerProcess> servers, string policy, string key) => new()
    {
        ["pools"] = new JsonObject
        {
            ["p"] = new JsonObject
            {
                ["destinations"] = new JsonObject(servers.Select((server, i) => KeyValuePair.Create<string, JsonNode?>($"server-{i}", new JsonObject { ["address"] = server.Address }))),
                ["balancing"] = new JsonObject { ["policy"] = policy },

                // A server that has no time for a probe is not to be left out: this is about choosing.
                ["health"] = new JsonObject { ["active"] = new JsonObject { ["timeoutSeconds"] = 60, ["unhealthyAfter"] = 100 } },
            },
        },
        ["families"] = new JsonObject
        {
            ["m"] = new JsonObject { ["default"] = "dense", ["variants"] = new JsonObject { ["dense"] = new JsonObject { ["model"] = "m-dense", ["pool"] = "p", ["upstreamModel"] = "m" } } },
        },
        ["tenants"] = new JsonObject { ["t"] = new JsonObject { ["keys"] = new JsonObject { ["k"] = new JsonObject { ["hash"] = ApiKeyFormat.HashText(key) } } } },
    };

    private static async Task<IReadOnlyCollection<Sample>> PlayAsync(HttpClient client, string gateway, BalancingTrace trace)
    {
        var samples = new ConcurrentBag<Sample>();
        var began = TimeProvider.System.GetTimestamp();
        var requests = new List<Task>();
        foreach (var entry in trace.Entries)
        {
            var wait = entry.Due - TimeProvider.System.GetElapsedTime(began);
            if (wait > TimeSpan.Zero) await Task.Delay(wait);
            requests.Add(Task.Run(async () => samples.Add(await SendAsync(client, gateway, entry, began))));
        }

        await Task.WhenAll(requests);
        return samples;
    }

    private static async Task<Sample> SendAsync(HttpClient client, string gateway, BalancingTrace.Entry entry, long began)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, gateway + "/api/v1/llm/responses") { Content = new StringContent(entry.Body, Encoding.UTF8, "application/json") };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!answer.IsSuccessStatusCode) return new Sample(0, 0, 0, Served: false, Failed: true);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var (first, last) = (0.0, "");
        while (await reader.ReadLineAsync() is { } line)
        {
            if (first == 0 && line.StartsWith("event: response.output_text.delta", StringComparison.Ordinal)) first = (TimeProvider.System.GetElapsedTime(began) - entry.Due).TotalMilliseconds;
            if (line.StartsWith("data: {", StringComparison.Ordinal)) last = line;
        }

        var response = JsonDocument.Parse(last["data: ".Length..]).RootElement.GetProperty("response");
        if (response.GetProperty("status").GetString() == "failed") return new Sample(0, 0, 0, Served: false, Failed: true);

        // A model may end its turn at once.
        if (first == 0) return new Sample(0, 0, 0, Served: false, Failed: false);
        var usage = response.GetProperty("usage");
        return new Sample(first, usage.GetProperty("input_tokens").GetInt64(), usage.GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt64(), Served: true, Failed: false);
    }

    private static async Task ReportAsync(string policy, List<Sample> samples, List<Sample> against, TextWriter output)
    {
        var (half, most, cached) = (Percentile(samples, 0.5), Percentile(samples, 0.99), Cached(samples));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{policy,-11} {samples.Count,5} requests, first token p50 {half,7:F0} ms (x {half / Percentile(against, 0.5):F2}), p99 {most,7:F0} ms (x {most / Percentile(against, 0.99):F2}), cached {cached:P1} of the input (x {cached / Cached(against):F2}), {samples.Count(s => s.Failed)} failed, {samples.Count(s => !s.Served && !s.Failed)} without text"));
    }

    private static double Percentile(List<Sample> samples, double share)
    {
        var values = samples.Where(sample => sample.Served).Select(sample => sample.FirstToken).Order().ToList();
        return values.Count == 0 ? double.NaN : values[(int)(values.Count * share)];
    }

    private static double Cached(List<Sample> samples) => (double)samples.Sum(sample => sample.Cached) / Math.Max(1, samples.Sum(sample => sample.Input));

    /// <param name="FirstToken">Milliseconds from when the request was due.</param>
    /// <param name="Input">Tokens of its prompt.</param>
    /// <param name="Cached">Of these, found computed already.</param>
    /// <param name="Served">Whether text came.</param>
    /// <param name="Failed">Whether it was refused, or ended in a fault.</param>
    private sealed record Sample(double FirstToken, long Input, long Cached, bool Served, bool Failed);
}
