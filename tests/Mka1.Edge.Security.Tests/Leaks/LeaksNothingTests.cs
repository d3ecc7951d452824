using System.Diagnostics;
using Mka1.Edge.Stores.Tests.Support;
using Microsoft.Extensions.Logging;
using Npgsql;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace Mka1.Edge.Security.Tests.Leaks;

/// <summary>
/// Promise: what callers write, what models say, who end users are and every key stand where they are kept and nowhere else: not in
/// logs, spans, metrics, refusals or webhooks, and of the servers only in the columns and streams meant for them.
/// </summary>
public sealed class LeaksNothingTests(ITestOutputHelper output)
{
    private const int LeastCanaries = 50;

    [Fact]
    public async Task What_the_gateway_tells_holds_nothing_of_anybodys()
    {
        await using var run = await LeakRun.PlayAsync();
        await AssertTellsNothingAsync(run);
    }

    [ServersFact]
    public async Task What_the_servers_hold_stands_where_it_belongs()
    {
        await using var stores = await RealStores.StartAsync();
        await using var run = await LeakRun.PlayAsync(stores);
        await AssertTellsNothingAsync(run);
        var dump = await DumpAsync(stores);
        output.WriteLine($"{dump.Count} values searched, {dump.Sum(entry => (long)entry.Content.Length)} bytes.");
        AssertNone(run.In(dump));

        // What is meant to be there is, so the search can see it.
        foreach (var place in (string[])["postgres response.body", "postgres response.input", "postgres run.request", "postgres conversation_item.body", "postgres ledger.end_user", "redis mka1:log:"])
            Assert.Contains(dump, entry => entry.Place.StartsWith(place, StringComparison.Ordinal) && run.Canaries.In(entry.Content).Any());
    }

    [Fact]
    public async Task A_canary_in_a_log_line_is_found_wherever_in_the_line_it_is()
    {
        await using var run = await LeakRun.PlayAsync();
        var canary = run.Canaries.Of(CanaryKind.Key);
        var logger = run.Loggers.CreateLogger("Mka1.Edge.Control");
        Action[] slips =
        [
            () => Slip(logger, LogLevel.Trace, canary, null),
            () => Slip(logger, LogLevel.Error, "", new InvalidOperationException("x", new FormatException(canary))),
            () => Slip(logger, LogLevel.Error, "", new InvalidOperationException("x") { Data = { ["body"] = canary } }),
            () => Slip(logger, LogLevel.Information, Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("key: " + canary)), null),
            () =>
            {
                using (logger.BeginScope(new Dictionary<string, object?> { ["key"] = canary })) Slip(logger, LogLevel.Debug, "", null);
            },
        ];
        foreach (var slip in slips)
        {
            var before = run.In("log", run.LogLines).Count;
            slip();
            Assert.Equal(before + 1, run.In("log", run.LogLines).Count);
        }

        using (var source = new ActivitySource("control"))
        {
            using var span = source.StartActivity("slip");
            span!.SetTag("key", canary);
        }

        Assert.NotEmpty(run.In("span", run.Spans));
    }

    [ServersFact]
    public async Task A_canary_in_a_server_is_found()
    {
        await using var stores = await RealStores.StartAsync();
        await using var run = await LeakRun.PlayAsync(stores);
        var canary = run.Canaries.Of(CanaryKind.Prompt);
        await using var postgres = NpgsqlDataSource.Create(stores.Postgres.ConnectionString);
        await using var slip = postgres.CreateCommand("UPDATE ledger SET model = $1");
        slip.Parameters.Add(new() { Value = canary });
        Assert.NotEqual(0, await slip.ExecuteNonQueryAsync());
        using var redis = await ConnectionMultiplexer.ConnectAsync(TestServers.Redis);
        await redis.GetDatabase().StringSetAsync($"control:{canary}", "x", TimeSpan.FromMinutes(1));
        await redis.GetDatabase().HashSetAsync("control", [new HashEntry("field", canary + new string('x', 1000))]);
        var found = run.In(await DumpAsync(stores));
        await redis.GetDatabase().KeyDeleteAsync("control");
        Assert.Equal(["postgres ledger.model", "redis control", $"redis control:{canary}"], found.Select(leak => leak.Place).Distinct().Order(StringComparer.Ordinal));
    }

    private static async Task<List<(string Place, byte[] Content)>> DumpAsync(RealStores stores) =>
        [.. await ServerDump.PostgresAsync(stores.Postgres.ConnectionString), .. await ServerDump.RedisAsync()];

    private async Task AssertTellsNothingAsync(LeakRun run)
    {
        output.WriteLine($"{run.Canaries.Count} canaries, {run.Scenario.Answers} answers, {run.Scenario.Refusals.Count} refusals, {run.LogLines.Count} log lines, {run.Spans.Count} spans, {run.Webhooks.Count} webhooks.");
        Assert.InRange(run.Canaries.Count, LeastCanaries, int.MaxValue);
        Assert.True(run.Webhooks.Count > 1);
        AssertNone(
        [
            .. run.In("log", run.LogLines),
            .. run.In("span", run.Spans),
            .. run.In("metrics", [await run.MetricsAsync()]),
            .. run.In("webhook", run.Webhooks),

            // A refusal may say back what it refuses to who sent it, and pass on what a model server refuses; never a key or who anybody is.
            .. run.In("refusal", run.Scenario.Refusals, CanaryKind.Prompt, CanaryKind.UpstreamFault),
        ]);
    }

    private static void AssertNone(IReadOnlyList<Leak> leaks) => Assert.True(
        leaks.Count == 0,
        $"{leaks.Count} leaks:{Environment.NewLine}{string.Join(Environment.NewLine, leaks.DistinctBy(leak => (leak.Place[..Math.Min(60, leak.Place.Length)], leak.Kind)).Take(12))}");

    private static void Slip(ILogger logger, LogLevel level, string said, Exception? exception) =>
        logger.Log(level, default, said, exception, static (text, _) => text);
}
