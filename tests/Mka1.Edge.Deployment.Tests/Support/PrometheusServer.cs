using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Mka1.Edge.Deployment.Tests.Support;

/// <summary>A Prometheus of the test's own, with the rules of <c>deploy/prometheus</c> and targets of the test.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private const int Tries = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly HttpClient _client;

    private PrometheusServer(Process process, int port)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Patience };
    }

    /// <summary>Starts it; complete when it answers.</summary>
    /// <param name="folder">For its files.</param>
    /// <param name="targets">Addresses to scrape, by job.</param>
    public static async Task<PrometheusServer> StartAsync(TemporaryFolder folder, IReadOnlyDictionary<string, IEnumerable<string>> targets)
    {
        var config = folder.At("prometheus.yml");
        await File.WriteAllTextAsync(config, $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
            rule_files: ["{{Checkout.At("deploy/prometheus/rules")}}/*.yml"]
            scrape_configs:
            {{string.Join('\n', targets.Select(job => $"  - {{ job_name: {job.Key}, static_configs: [ {{ targets: [{string.Join(", ", job.Value.Select(url => $"'{new Uri(url).Authority}'"))}] }} ] }}"))}}
            """);

        // Another process may take the port between looking and listening.
        for (var tries = 1; ; tries++)
        {
            var port = FreePort();
            var process = Process.Start(new ProcessStartInfo("prometheus", [$"--config.file={config}", $"--storage.tsdb.path={folder.At($"data-{tries}")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]))!;
            var server = new PrometheusServer(process, port);
            if (await server.AnswersAsync()) return server;
            await server.DisposeAsync();
            Assert.True(tries < Tries, "Prometheus does not start.");
        }
    }

    /// <summary>Asks until the answer is what is looked for.</summary>
    /// <returns>The answer's series: labels and value.</returns>
    public async Task<IReadOnlyList<(JsonObject Labels, double Value)>> UntilAsync(string query, Func<IReadOnlyList<(JsonObject Labels, double Value)>, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var answer = await QueryAsync(query);
            if (wanted(answer)) return answer;
            Assert.False(patience.IsCancellationRequested, $"{query}: {string.Join("; ", answer)}");
            await Task.Delay(200);
        }
    }

    /// <summary>The answer to a query as it stands.</summary>
    public async Task<IReadOnlyList<(JsonObject Labels, double Value)>> QueryAsync(string query)
    {
        var answer = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}");
        return [.. answer["data"]!["result"]!.AsArray().Select(series => (series!["metric"]!.AsObject(), double.Parse(series["value"]![1]!.GetValue<string>(), CultureInfo.InvariantCulture)))];
    }

    /// <summary>The health of every rule, once each has been looked at.</summary>
    public async Task<IReadOnlyList<(string Name, string Health)>> RulesAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var answer = await GetAsync("/api/v1/rules");
            var rules = answer["data"]!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => (rule!["name"]!.GetValue<string>(), rule["health"]!.GetValue<string>())).ToList();
            if (rules.Count > 0 && rules.All(rule => rule.Item2 != "unknown")) return rules;
            Assert.False(patience.IsCancellationRequested, string.Join("; ", rules));
            await Task.Delay(200);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _client.GetStringAsync(path))!;

    private async Task<bool> AnswersAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!_process.HasExited && !patience.IsCancellationRequested)
        {
            try
            {
                using var answer = await _client.GetAsync("/-/ready");
                if (answer.IsSuccessStatusCode) return true;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(100);
        }

        return false;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
