using System.Net.Http.Headers;
using System.Text;
using Mka1.Edge.Deployment.Tests.Support;
using Mka1.Edge.Gateway;
using Mka1.Edge.Local;

namespace Mka1.Edge.Deployment.Tests.Prometheus;

/// <summary>Promise: Prometheus itself reads what gateways and model servers tell, and its rules are rules.</summary>
public sealed class ScrapesTests
{
    private const int Requests = 3;

    [Needs("prometheus", "prometheus")]
    public async Task Prometheus_scrapes_a_gateway_and_its_model_servers_and_knows_what_they_did()
    {
        await using var run = await LocalRun.StartAsync(LocalOptions.Read(["--urls", "http://127.0.0.1:0"]));
        using var folder = new TemporaryFolder();
        await using var prometheus = await PrometheusServer.StartAsync(folder, new Dictionary<string, IEnumerable<string>>
        {
            ["mka1-edge-gateway"] = [EdgeHost.AdminAddress(run.Gateway)!],
            ["mka1-edge-model-server"] = run.ModelServerAddresses,
        });
        using var client = new HttpClient { BaseAddress = new Uri(run.Address), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", run.Tenants[0].Key) } };
        for (var n = 0; n < Requests; n++)
        {
            using var content = new StringContent("""{"model":"mka1-mini","input":"2 + 2?","store":false,"max_output_tokens":4}""", Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync("/api/v1/llm/responses", content);
            Assert.True(answer.IsSuccessStatusCode);
        }

        await prometheus.UntilAsync("count(up == 1)", series => series is [{ Value: 4 }]);
        await prometheus.UntilAsync("""sum(gen_ai_server_request_duration_seconds_count{job="mka1-edge-gateway",gen_ai_response_model="mka1-mini-dense"})""", series => series is [{ Value: Requests }]);
        await prometheus.UntilAsync("""sum(gen_ai_server_request_duration_seconds_count{job="mka1-edge-model-server"})""", series => series is [{ Value: Requests }]);
        await prometheus.UntilAsync("mka1_edge:pool_available:sum", series => series.Count == 3 && series.All(one => one.Value == 1));
        Assert.Empty(await prometheus.QueryAsync("mka1_edge_no_such_metric"));

        var rules = await prometheus.RulesAsync();
        Assert.All(rules, rule => Assert.Equal((rule.Name, "ok"), rule));
        Assert.Contains(rules, rule => rule.Name == "EdgePoolDown");
    }

    [Needs("promtool", "prometheus")]
    public async Task Configuration_rules_and_the_alerts_own_tests_pass()
    {
        await PassesAsync("check", "config", "deploy/prometheus/prometheus.yml");
        await PassesAsync(["check", "rules", .. Directory.GetFiles(Checkout.At("deploy/prometheus/rules"))]);
        await PassesAsync(["test", "rules", .. Directory.GetFiles(Checkout.At("deploy/prometheus/tests"))]);
    }

    [Needs("promtool", "prometheus")]
    public async Task A_rule_that_is_none_is_found()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("wrong.yml"), Checkout.Read("deploy/prometheus/rules/alerts.yml").Replace("mka1_edge:pool_available:sum == 0", "sum(mka1_edge:pool_available:sum", StringComparison.Ordinal));
        var (exitCode, said) = await Programs.RunAsync("promtool", "check", "rules", folder.At("wrong.yml"));
        Assert.True(exitCode != 0, said);
    }

    private static async Task PassesAsync(params string[] arguments)
    {
        var (exitCode, said) = await Programs.RunAsync("promtool", arguments);
        Assert.True(exitCode == 0, said);
    }
}
