using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Mka1.Edge.ModelServer.Metrics;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Metrics;

public sealed partial class MetricsTests(EndlessServer server) : IClassFixture<EndlessServer>
{
    [Fact]
    public void The_table_in_the_readme_lists_every_instrument_with_its_kind_and_unit()
    {
        var written = Row().Matches(File.ReadAllText(Path.Combine(TrainedModels.Root(), "backends", "Mka1.Edge.ModelServer", "README.md")))
            .Select(row => $"{row.Groups["name"].Value} {row.Groups["kind"].Value} {row.Groups["unit"].Value}");
        var meter = server.Running.App.Services.GetRequiredService<ModelServerMetrics>().Meter;
        var real = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter == meter)
                    real.Add($"{instrument.Name} {Kind(instrument)} {instrument.Unit}");
            },
        };
        listener.Start();

        Assert.Equal(real.Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_scrape_counts_what_was_answered()
    {
        await using var running = await RunningServer.StartAsync(EndlessModel.Path);
        var usage = (await running.AnswerAsync(new { model = "served", input = "Hello", max_output_tokens = 7 })).GetProperty("usage");
        await running.AnswerAsync(new { model = "served", input = "Hello", max_output_tokens = 1 });
        await running.IdleAsync();

        var text = await ScrapeAsync(running);

        Assert.Equal(8, Value(text, "mka1_modelserver_tokens_decoded_total"));
        Assert.Equal(2 * usage.GetProperty("input_tokens").GetInt64(), Value(text, "mka1_modelserver_tokens_computed_total") + Value(text, "mka1_modelserver_tokens_cached_total"));
        Assert.Equal(0, Value(text, "mka1_modelserver_requests_active"));
        Assert.Equal(0, Value(text, "mka1_modelserver_kv_pages_used"));
        Assert.True(Value(text, "mka1_modelserver_kv_pages") > 0);
        Assert.Equal(2, Value(text, "gen_ai_server_time_to_first_token_seconds_count"));
        Assert.Equal(1, Value(text, "gen_ai_server_time_per_output_token_seconds_count"));
        Assert.Equal(2, Value(text, "gen_ai_server_request_duration_seconds_count"));
        Assert.Contains("gen_ai_client_token_usage_bucket{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"mka1_edge\",gen_ai_request_model=\"served\",gen_ai_token_type=\"output\",le=\"1\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("gen_ai_token_type=\"output\",le=\"+Inf\"} 2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_line_is_a_comment_or_a_sample_and_every_series_has_its_type()
    {
        await server.Running.AnswerAsync(new { model = "served", input = "Hello", max_output_tokens = 2 });
        var text = await ScrapeAsync(server.Running);

        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var types = new HashSet<string>();
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (Type().Match(line) is { Success: true } type)
                Assert.True(types.Add(type.Groups["name"].Value), line);
            else if (!line.StartsWith("# HELP ", StringComparison.Ordinal))
                Assert.Contains(Suffix().Replace(Assert.IsType<Match>(Sample().Match(line) is { Success: true } sample ? sample : null).Groups["name"].Value, ""), types.Select(name => Suffix().Replace(name, "")));
        }
        Assert.True(types.Count >= 17, text);
    }

    [Fact]
    public async Task A_refused_request_is_counted()
    {
        await using var running = await RunningServer.StartAsync(EndlessModel.Path, options => (options.MaxConcurrentRequests, options.MaxQueuedRequests) = (1, 0));
        using var first = await running.StreamAsync(new { model = "served", input = "Count.", stream = true });
        await first.UntilAsync("response.output_text.delta");
        using var second = await running.PostAsync("/v1/responses", new { model = "served", input = "Count." });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);

        var text = await ScrapeAsync(running);

        Assert.Equal(1, Value(text, "mka1_modelserver_requests_refused_total"));
        Assert.Equal(1, Value(text, "mka1_modelserver_requests_active"));
        Assert.Equal(1, Value(text, "mka1_modelserver_batch_size"));
    }

    [Fact]
    public async Task Metrics_ask_for_the_key()
    {
        await using var running = await RunningServer.StartAsync(EndlessModel.Path, options => options.ApiKey = "0123456789abcdef");
        using var response = await running.Client.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static async Task<string> ScrapeAsync(RunningServer running)
    {
        using var response = await running.Client.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        return await response.Content.ReadAsStringAsync();
    }

    private static double Value(string text, string name) =>
        double.Parse(Assert.Single(Regex.Matches(text, $@"^{name}(?:\{{[^}}]*\}})? (?<value>\S+)$", RegexOptions.Multiline)).Groups["value"].Value, CultureInfo.InvariantCulture);

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Histogram" => "histogram",
        "Counter" or "ObservableCounter" => "counter",
        "ObservableGauge" => "gauge",
        var other => other,
    };

    [GeneratedRegex(@"^\| `(?<name>[a-z0-9_.]+)` \| (?<kind>histogram|gauge|counter) \| (?<unit>\S+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("^# TYPE (?<name>[a-z0-9_]+) (histogram|gauge|counter)$")]
    private static partial Regex Type();

    [GeneratedRegex("""^(?<name>[a-z0-9_]+)(\{[a-z_]+="[^"\n]*"(,[a-z_]+="[^"\n]*")*\})? [0-9.E+-]+$""")]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count|total)$")]
    private static partial Regex Suffix();
}
