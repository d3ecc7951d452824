using System.Text.Json;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Serving;

/// <summary>Every answer says how much the server has to do, in the words of Open Request Cost Aggregation.</summary>
public sealed class LoadReportTests : IAsyncLifetime
{
    private const string Header = "endpoint-load-metrics";

    private static readonly object Endless = new { model = "served", input = "Count.", stream = true, temperature = 0 };
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(EndlessModel.Path, options =>
    {
        options.MaxConcurrentRequests = 1;
        options.MaxQueuedRequests = 4;
    });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Every_answer_reports_what_runs_and_what_waits()
    {
        Assert.StartsWith("TEXT named_metrics.num_requests_waiting=0, named_metrics.num_requests_running=0, ", await ReportAsync("/health"), StringComparison.Ordinal);
        using var first = await _server.StreamAsync(Endless);
        await first.UntilAsync("response.output_text.delta");
        using var second = await _server.StreamAsync(Endless);
        Assert.StartsWith("TEXT named_metrics.num_requests_waiting=1, named_metrics.num_requests_running=1, named_metrics.kv_cache_usage_perc=0.", await ReportAsync("/health"), StringComparison.Ordinal);
        Assert.StartsWith("TEXT named_metrics.num_requests_waiting=1, ", await ReportAsync("/no/such/address"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_for_JSON_gets_JSON()
    {
        var report = await ReportAsync("/v1/models", "JSON");
        Assert.StartsWith("JSON {", report, StringComparison.Ordinal);
        var metrics = JsonElement.Parse(report["JSON ".Length..]).GetProperty("named_metrics");
        Assert.Equal((0, 0), (metrics.GetProperty("num_requests_waiting").GetInt32(), metrics.GetProperty("num_requests_running").GetInt32()));
    }

    private async Task<string> ReportAsync(string path, string? format = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (format is not null) request.Headers.Add("endpoint-load-metrics-format", format);
        using var response = await _server.Client.SendAsync(request);
        return Assert.Single(response.Headers.GetValues(Header));
    }
}
