using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: every run is settled exactly once, however it ends, and nothing is billed when nothing was reached.</summary>
public sealed class SettlesEveryRunTests : IAsyncLifetime
{
    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync(config => config);

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_success_is_billed_as_the_model_server_counted(bool stream)
    {
        _gateway.Moe.Play(Scripts.Completed("Hello"));
        var end = await RunAsync(GatewayFixture.Hello("mka1-mini-moe", stream), TestKeys.Globex);
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

    [Fact]
    public async Task A_stream_whose_model_server_counts_nothing_is_billed_by_its_deltas()
    {
        _gateway.Dense.Play(Scripts.Stream([.. Transcript.Opening(), .. Transcript.Deltas("a", "b"), .. Transcript.Closing("ab", 6, "null")]));
        Assert.Equal("Finished", await RunAsync(GatewayFixture.Hello(stream: true)));
        var row = Assert.Single(_gateway.Ledger.Rows());
        Assert.Equal((0, 2, true), (row.InputTokens, row.OutputTokens, row.Estimated));
    }

    [Fact]
    public async Task A_stream_that_breaks_is_billed_for_what_came()
    {
        // An orderly end in the wrong place, so that every delta is sure to have come.
        _gateway.Dense.Play(async call =>
        {
            await call.StartAsync();
            foreach (var e in (SseEvent[])[.. Transcript.Opening(), .. Transcript.Deltas("a", "b", "c")]) await call.ChunkAsync(e.ToString());
            await call.EndAsync();
        });
        Assert.Equal("UpstreamBroken", await RunAsync(GatewayFixture.Hello(stream: true)));
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
    [InlineData(400)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task A_model_server_that_refuses_costs_nothing(int status)
    {
        _gateway.Dense.Play(Scripts.Json("{}", status));
        Assert.Equal("UpstreamRefused", await RunAsync(GatewayFixture.Hello()));
        Assert.Empty(_gateway.Ledger.Rows());
    }

    [Fact]
    public async Task A_model_server_that_cannot_be_reached_costs_nothing()
    {
        _gateway.Dense.Play(Scripts.Reset);
        Assert.Equal("UpstreamUnavailable", await RunAsync(GatewayFixture.Hello(stream: true)));
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
            using var request = GatewayFixture.Create(GatewayFixture.Hello(stream: true, extra: $"\"n\":{n}"));
            request.Headers.Add("x-request-id", $"crowd-{n}");
            using var answer = await _gateway.Client.SendAsync(request, CancellationToken.None);
            await answer.Content.ReadAsStringAsync(CancellationToken.None);
        });
        for (var n = 0; n < 100; n++) await _gateway.SettledAsync($"crowd-{n}");
        await _gateway.App.StopAsync();

        var settled = _gateway.Log.Lines.Where(line => line.EventId == 1900).GroupBy(line => line.Values["RequestId"]).ToArray();
        Assert.Equal(100, settled.Length);
        Assert.All(settled, lines => Assert.Single(lines));
        Assert.Equal((50, 25 * 8, (25 * 7) + (25 * 2)), await TotalAsync("acme"));
        Assert.Equal(50, _gateway.Ledger.Rows().Select(r => r.ResponseId).Distinct().Count());
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
