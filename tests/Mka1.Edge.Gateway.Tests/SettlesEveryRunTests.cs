using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Mka1.Edge.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: every run is settled exactly once, however it ends, and nothing is billed when nothing was reached.</summary>
public sealed class SettlesEveryRunTests : IAsyncLifetime
{
    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync(config => config);

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task A_success_is_billed_as_the_model_server_counted(bool stream, bool store)
    {
        _gateway.Moe.Play(Scripts.Completed("Hello"));
        var end = await RunAsync(GatewayFixture.Hello("mka1-mini-moe", stream, Store(store)), TestKeys.Globex);
        Assert.Equal("Finished", end);
        var row = Assert.Single(_gateway.Ledger.Rows());
        Assert.Equal(("globex", null, "main", "mka1-mini-moe"), (row.Owner.TenantId, row.Owner.EndUser, row.KeyId, row.Model));
        Assert.Equal((8, 7, false), (row.InputTokens, row.OutputTokens, row.Estimated));
        Assert.Equal((1, 8, 7), await TotalAsync("globex"));
        Assert.Equal((0, 0, 0), await TotalAsync("acme"));
    }

    [Fact]
    public async Task The_row_names_the_response_the_client_got()
    {
        var heard = await _gateway.StreamAsync();
        var row = await RowAsync();
        Assert.Equal(heard[0].Json.GetProperty("response").GetProperty("id").GetString(), row.ResponseId);
        Assert.Equal(heard[0].Json.GetProperty("response").GetProperty("created_at").GetInt64(), row.CreatedAt.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_whose_model_server_counts_nothing_is_billed_by_its_deltas(bool store)
    {
        _gateway.Dense.Play(Scripts.Stream([.. Transcript.Opening(), .. Transcript.Deltas("a", "b"), .. Transcript.Closing("ab", 6, "null")]));
        Assert.Equal("Finished", await RunAsync(GatewayFixture.Hello(stream: true, extra: Store(store))));
        var row = Assert.Single(_gateway.Ledger.Rows());
        Assert.Equal((2, true), (row.OutputTokens, row.Estimated));
        Assert.InRange(row.InputTokens, 1, GatewayFixture.Hello(stream: true, extra: Store(store)).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_breaks_is_billed_for_what_came(bool store)
    {
        // An orderly end in the wrong place, so that every delta is sure to have come.
        _gateway.Dense.Play(async call =>
        {
            await call.StartAsync();
            foreach (var e in (SseEvent[])[.. Transcript.Opening(), .. Transcript.Deltas("a", "b", "c")]) await call.ChunkAsync(e.ToString());
            await call.EndAsync();
        });
        Assert.Equal("UpstreamBroken", await RunAsync(GatewayFixture.Hello(stream: true, extra: Store(store))));
        var row = Assert.Single(_gateway.Ledger.Rows());
        Assert.Equal((3, true), (row.OutputTokens, row.Estimated));
    }

    [Theory]
    [InlineData("{", "Refused")]
    [InlineData("""{"model":"unknown","input":"hi"}""", "Refused")]
    [InlineData("""{"model":"mka1-mini","input":"hi","tools":[{"type":"web_search"}]}""", "Refused")]
    [InlineData("""{"model":"mka1-mini","input":"hi","safety_identifier":"blocked-user"}""", "Refused")]
    [InlineData("""{"model":"mka1-mini","input":"hi","previous_response_id":"resp_1"}""", "Refused")]
    public async Task A_refused_request_is_settled_and_not_billed(string body, string expected)
    {
        Assert.Equal(expected, await RunAsync(body));
        Assert.Empty(_gateway.Ledger.Rows());
    }

    [Theory]
    [InlineData(400, false, false)]
    [InlineData(429, false, true)]
    [InlineData(500, false, true)]
    [InlineData(400, true, true)]
    [InlineData(429, true, true)]
    [InlineData(500, true, false)]
    public async Task A_model_server_that_refuses_costs_nothing(int status, bool stream, bool store)
    {
        _gateway.Dense.Play(Scripts.Json("{}", status));
        Assert.Equal("UpstreamRefused", await RunAsync(GatewayFixture.Hello(stream: stream, extra: Store(store))));
        Assert.Empty(_gateway.Ledger.Rows());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_model_server_that_cannot_be_reached_costs_nothing(bool store)
    {
        _gateway.Dense.Play(Scripts.Reset);
        Assert.Equal("UpstreamUnavailable", await RunAsync(GatewayFixture.Hello(stream: true, extra: Store(store))));
        Assert.Empty(_gateway.Ledger.Rows());
    }

    [Fact]
    public async Task After_a_mixed_crowd_there_is_one_settlement_a_run_and_the_totals_are_right()
    {
        _gateway.Dense.Play(async call =>
        {
            await ((call.Json.GetProperty("n").GetInt32() % 4) switch
            {
                0 => Scripts.Completed("Hello")(call),
                1 => Scripts.Json("{}", 500)(call),
                2 => Scripts.Reset(call),
                _ => Scripts.Stream([.. Transcript.Opening().Concat(Transcript.Deltas("x", "y")).Select(e => e.ToString())])(call),
            });
        });
        await Parallel.ForEachAsync(Enumerable.Range(0, 100), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, _) =>
        {
            using var request = GatewayFixture.Create(GatewayFixture.Hello(stream: true, extra: $"\"n\":{n},{Store(n % 8 < 4)}"));
            request.Headers.Add("x-request-id", $"crowd-{n}");
            using var answer = await _gateway.Client.SendAsync(request, CancellationToken.None);
            await answer.Content.ReadAsStringAsync(CancellationToken.None);
        });
        for (var n = 0; n < 100; n++) await _gateway.SettledAsync($"crowd-{n}");
        await _gateway.App.StopAsync();

        var settled = _gateway.Log.Lines.Where(line => line.EventId == 1900).GroupBy(line => line.Values["RequestId"]).ToArray();
        Assert.Equal(100, settled.Length);
        Assert.All(settled, lines => Assert.Single(lines));
        var (runs, input, output) = await TotalAsync("acme");
        Assert.Equal((50, (25 * 7) + (25 * 2)), (runs, output));
        Assert.True(input > 25 * 8, "Those that broke off have read their input, too.");
        Assert.Equal(50, _gateway.Ledger.Rows().Select(r => r.ResponseId).Distinct().Count());
    }

    [Fact]
    public async Task Every_run_moves_the_metrics_once_and_no_label_names_a_caller()
    {
        var seen = new ConcurrentQueue<(string Instrument, double Value, string Tags)>();
        using var listener = new MeterListener();
        var factory = _gateway.App.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, me) =>
        {
            if (instrument.Meter.Name == "Mka1.Edge.Gateway" && ReferenceEquals(instrument.Meter.Scope, factory)) me.EnableMeasurementEvents(instrument);
        };
        void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            seen.Enqueue((instrument.Name, value, string.Join(';', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.Start();

        _gateway.Moe.Play(Scripts.Completed("Hello"));
        using var request = GatewayFixture.Create(GatewayFixture.Hello("mka1-mini-moe", extra: "\"user\":\"canary\",\"safety_identifier\":\"canary\""));
        request.Headers.Add("X-On-Behalf-Of", "canary");
        request.Headers.Add("x-request-id", "measured");
        using var answer = await _gateway.Client.SendAsync(request);
        await _gateway.SettledAsync("measured");

        var duration = Assert.Single(seen, m => m.Instrument == "gen_ai.server.request.duration");
        var tags = duration.Tags.Split(';');
        Assert.Contains("gen_ai.response.model=mka1-mini-moe", tags);
        Assert.Contains("mka1.edge.end=Finished", tags);
        Assert.Single(seen, m => m.Instrument == "mka1.edge.upstream.time_to_first_byte");
        Assert.Equal([8, 7], seen.Where(m => m.Instrument == "mka1.edge.tokens").Select(m => m.Value));
        Assert.DoesNotContain(seen, m => m.Tags.Contains("canary", StringComparison.Ordinal) || m.Tags.Contains("acme", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_settlement_line_holds_no_prompt_no_answer_and_no_key()
    {
        _gateway.Dense.Play(Scripts.Completed("canary-answer"));
        using var request = GatewayFixture.Create("""{"model":"mka1-mini","input":"canary-prompt","user":"canary-user","instructions":"canary-instructions"}""");
        request.Headers.Add("X-On-Behalf-Of", "canary-end-user");
        request.Headers.Add("x-request-id", "canaries");
        using var answer = await _gateway.Client.SendAsync(request);
        await _gateway.SettledAsync("canaries");
        Assert.DoesNotContain(_gateway.Log.Lines, line => line.Text.Contains("canary", StringComparison.OrdinalIgnoreCase));
    }

    private static string Store(bool store) => store ? "\"store\":true" : "\"store\":false";

    private async Task<string?> RunAsync(string body, string? key = null)
    {
        using var request = GatewayFixture.Create(body, key);
        request.Headers.Add("x-request-id", "the-run");
        using var answer = await _gateway.Client.SendAsync(request);
        await answer.Content.ReadAsStringAsync();
        var line = await _gateway.SettledAsync("the-run");
        await _gateway.App.StopAsync();
        Assert.Single(_gateway.Log.Lines, l => l.EventId == 1900);
        return line.Values["End"]?.ToString();
    }

    private async Task<Stores.Ledger.LedgerEntry> RowAsync()
    {
        await _gateway.Log.WaitForAsync(line => line.EventId == 1900);
        return Assert.Single(_gateway.Ledger.Rows());
    }

    private async Task<(long, long, long)> TotalAsync(string tenant)
    {
        var total = await _gateway.Ledger.TotalAsync(tenant);
        return (total.Runs, total.InputTokens, total.OutputTokens);
    }
}
