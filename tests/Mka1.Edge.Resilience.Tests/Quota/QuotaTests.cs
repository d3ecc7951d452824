using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Resilience.Tests.Support;
using Npgsql;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests.Quota;

/// <summary>Promise: three replicas together grant what a limit says, whatever is sent, broken off, killed or stopped.</summary>
public sealed class QuotaTests(QuotaCluster cluster, ITestOutputHelper output) : ClusterTest(cluster, output), IClassFixture<QuotaCluster>
{
    private const int Clients = 512;
    private const int Attempts = 12_800;

    private readonly QuotaCluster _cluster = cluster;

    [Fact]
    public Task A_limit_of_1000_grants_exactly_1000_of_12800_attempts_from_512_clients() => RunAsync(async () =>
    {
        var (granted, refused, next) = (0, 0, 0);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            while (Interlocked.Increment(ref next) is var number && number <= Attempts)
            {
                using var answer = await SendAsync(number % 3, _cluster.ThousandKey, PacedRequest.New(1, 0).Body(store: false));
                if (answer.StatusCode == HttpStatusCode.OK) Interlocked.Increment(ref granted);
                else if (answer.StatusCode == HttpStatusCode.TooManyRequests) Interlocked.Increment(ref refused);
            }
        }));
        Report($"{granted} granted, {refused} refused of {Attempts} attempts by {Clients} clients at 3 replicas in {clock.Elapsed.TotalSeconds:F1} s");
        Assert.Equal((QuotaCluster.Thousand, Attempts - QuotaCluster.Thousand), (granted, refused));
    });

    [Fact]
    public Task A_token_budget_is_never_overspent_and_nothing_leaks_whatever_breaks() => RunAsync(async () =>
    {
        const int requests = 3000;
        const int mostAttempts = 40_000;
        var outcomes = new ConcurrentDictionary<string, int>();
        var (begun, attempts, highest) = (0, 0, 0L);
        var random = new Random(4);
        var plans = Enumerable.Range(0, requests).Select(i => (Deltas: random.Next(1, 60), Kind: random.Next(6), LeavesAfter: random.Next(10) == 0 ? random.Next(5, 400) : (int?)null)).ToArray();
        var kill = KillAsync();
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(async _ =>
        {
            while (Interlocked.Increment(ref begun) is var number && number <= requests)
            {
                // What others have set aside and do not need comes free, and a replica that was killed comes back.
                for (var outcome = "refused"; outcome is "refused" or "cut" && Interlocked.Increment(ref attempts) < mostAttempts;)
                {
                    (outcome, var used) = await SpendAsync(Volatile.Read(ref attempts) % 3, plans[number - 1]);
                    outcomes.AddOrUpdate(outcome, 1, (_, count) => count + 1);
                    InterlockedMax(ref highest, used);
                    if (outcome is "refused" or "cut") await Task.Delay(300);
                }
            }
        }));
        await kill;
        await _cluster.HealAsync();

        var (left, spent) = (0L, 0L);
        try
        {
            await Patience.UntilAsync(
                async () =>
                {
                    (left, spent) = (await RemainingAsync(), await LedgerAsync("budget"));
                    return left == QuotaCluster.Budget - spent;
                },
                "the counters say what the ledger says");
        }
        finally
        {
            Report($"budget {QuotaCluster.Budget}: {spent} spent by the ledger, {QuotaCluster.Budget - left} by the counters, at most {highest} set aside and spent at once; {string.Join(", ", outcomes.OrderByDescending(o => o.Value).Select(o => $"{o.Value} {o.Key}"))}");
        }

        Assert.InRange(highest, 1, QuotaCluster.Budget);
        Assert.InRange(spent, QuotaCluster.Budget / 4, QuotaCluster.Budget);

        async Task KillAsync()
        {
            for (var kills = 1; kills <= 2; kills++)
            {
                await Patience.UntilAsync(() => Task.FromResult(Volatile.Read(ref begun) > 1000 * kills), "requests are under way");
                await _cluster[2].KillAsync();
                _cluster.Start(2);
            }
        }
    });

    [Fact]
    public Task Requests_in_flight_are_never_more_than_allowed_and_places_of_the_dead_come_free() => RunAsync(async () =>
    {
        var (granted, done) = (0, false);
        _cluster.Model.ForgetMostInFlight();
        var clients = Enumerable.Range(0, 60).Select(async client =>
        {
            while (!Volatile.Read(ref done))
            {
                using var answer = await SendAsync(client % 3, _cluster.SlotsKey, PacedRequest.New(5, 4).Body(stream: true, store: false));
                if (answer.IsSuccessStatusCode) Interlocked.Increment(ref granted);
                else await Task.Delay(5);
            }
        }).ToArray();
        await Patience.UntilAsync(() => Task.FromResult(Volatile.Read(ref granted) > 300), "enough was granted");
        Volatile.Write(ref done, true);
        await Task.WhenAll(clients);
        var most = _cluster.Model.MostInFlight;
        Assert.InRange(most, 2, QuotaCluster.Slots);

        // All places are taken by a replica that dies.
        var held = await Task.WhenAll(Enumerable.Range(0, QuotaCluster.Slots).Select(_ =>
            SendAsync(2, _cluster.SlotsKey, PacedRequest.New(1, 60_000).Body(stream: true, store: false), HttpCompletionOption.ResponseHeadersRead)));
        Assert.All(held, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        using (var full = await SendAsync(0, _cluster.SlotsKey, PacedRequest.New(1, 0).Body(store: false))) Assert.Equal(HttpStatusCode.TooManyRequests, full.StatusCode);
        await _cluster[2].KillAsync();
        var free = await Patience.UntilAsync(
            async () =>
            {
                using var answer = await SendAsync(0, _cluster.SlotsKey, PacedRequest.New(1, 0).Body(store: false));
                return answer.IsSuccessStatusCode;
            },
            "the places of the dead replica are free");
        Report($"{granted} granted, {most} in flight at most; places of a dead replica free after {free.TotalSeconds:F1} s (lease {Cluster.QuotaLease.TotalSeconds} s)");
        Array.ForEach(held, answer => answer.Dispose());
    });

    [Fact]
    public Task A_Redis_that_stands_still_holds_nobody_up_and_counts_everything_once_it_is_back() => RunAsync(async () =>
    {
        var before = new ConcurrentBag<double>();
        var during = new ConcurrentBag<double>();
        var answers = new int[12];
        var (sink, done, failed) = (before, false, 0);
        var clients = Enumerable.Range(0, answers.Length).Select(async client =>
        {
            while (!Volatile.Read(ref done))
            {
                var clock = Stopwatch.StartNew();
                var into = Volatile.Read(ref sink);
                using var answer = await SendAsync(client % 3, _cluster.CountedKey, PacedRequest.New(1, 0).Body(store: false));
                into.Add(clock.Elapsed.TotalMilliseconds);
                answers[client]++;
                if (answer.StatusCode != HttpStatusCode.OK) Interlocked.Increment(ref failed);
                await Task.Delay(20);
            }
        }).ToArray();

        // Long enough for the replicas to know how fast the counter grows.
        await Task.Delay(TimeSpan.FromSeconds(7));
        await _cluster.StopRedisAsync();
        Volatile.Write(ref sink, during);

        // None of them waits for Redis: each goes on to get its answers while it stands still.
        var stopped = answers.ToArray();
        await Patience.UntilAsync(() => Task.FromResult(stopped.Zip(answers).All(had => had.Second > had.First + 10)), "every client has ten answers more");
        await Task.Delay(TimeSpan.FromSeconds(4));
        await _cluster.ContinueRedisAsync();
        var back = await Patience.UntilAsync(
            async () => (await Task.WhenAll(Enumerable.Range(0, _cluster.Count).Select(i => _cluster[i].ReadinessAsync()))).All(page => page == Cluster.Ready),
            "every replica finds Redis again");
        Volatile.Write(ref done, true);
        await Task.WhenAll(clients);

        var granted = before.Count + during.Count;
        var used = 0L;
        Report($"{granted} granted");
        await Patience.UntilAsync(
            async () =>
            {
                using var answer = await SendAsync(0, _cluster.CountedKey, PacedRequest.New(1, 0).Body(store: false));
                granted++;
                if (granted % 40 == 0) Report($"{used} used, {granted} granted");
                used = 1_000_000_000 - Header(answer, "requests");
                return used == granted;
            },
            $"every request is counted");
        Report(
            $"Redis stopped: p99 {Percentile(before, 0.99):F0} ms before, {Percentile(during, 0.99):F0} ms during (longest {during.Max():F0} ms), {before.Count} + {during.Count} requests, {failed} refused; back after {back.TotalSeconds:F2} s; {used} counted of {granted}");
        Assert.Equal(0, failed);
    });

    private static double Percentile(IEnumerable<double> values, double share) => values.Order().ElementAt((int)(values.Count() * share));

    private static void InterlockedMax(ref long target, long value)
    {
        while (Interlocked.Read(ref target) is var seen && value > seen && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    private static long Header(HttpResponseMessage answer, string what) =>
        long.Parse(answer.Headers.GetValues("x-ratelimit-remaining-" + what).Single(), CultureInfo.InvariantCulture);

    /// <summary>One request of whatever kind, and what its refusal said was used.</summary>
    private async Task<(string Outcome, long Used)> SpendAsync(int replica, (int Deltas, int Kind, int? LeavesAfter) plan)
    {
        var request = PacedRequest.New(plan.Deltas, 3, waitMs: plan.Kind == 5 ? 150 : 0);
        var body = request.Body(stream: plan.Kind is 0 or 1, store: plan.Kind is 1 or 2);
        if (plan.Kind is 0 or 2 or 4) body = body[..^1] + $",\"max_output_tokens\":{Math.Max(16, plan.Deltas)}}}";
        using var leave = new CancellationTokenSource();
        if (plan.LeavesAfter is { } milliseconds) leave.CancelAfter(milliseconds);
        try
        {
            using var answer = await SendAsync(replica, _cluster.BudgetKey, body, HttpCompletionOption.ResponseContentRead, leave.Token);
            if (answer.StatusCode != HttpStatusCode.TooManyRequests) return (answer.StatusCode.ToString(), 0);
            using var refusal = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(CancellationToken.None));
            var limit = refusal.RootElement.GetProperty("error").GetProperty("rate_limit");
            return ("refused", limit.GetProperty("dimension").GetString() == "tokens" ? limit.GetProperty("used").GetInt64() : 0);
        }
        catch (OperationCanceledException)
        {
            return ("left", 0);
        }
        catch (HttpRequestException)
        {
            // Its replica was killed, or is not back yet.
            await Task.Delay(20, CancellationToken.None);
            return ("cut", 0);
        }
    }

    private async Task<long> RemainingAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/llm/models") { Headers = { Authorization = new("Bearer", _cluster.BudgetKey) } };
        using var answer = await _cluster[0].SendAsync(request, HttpCompletionOption.ResponseContentRead, Patience.Within(Patience.Long));
        return Header(answer, "tokens");
    }

    private async Task<long> LedgerAsync(string key)
    {
        await using var source = NpgsqlDataSource.Create(_cluster.Postgres);
        await using var command = source.CreateCommand("SELECT coalesce(sum(input_tokens + output_tokens), 0)::bigint FROM ledger WHERE key_id = $1");
        command.Parameters.Add(new() { Value = key });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private Task<HttpResponseMessage> SendAsync(
        int replica, string key, string body, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead, CancellationToken cancellation = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/llm/responses")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { Authorization = new("Bearer", key) },
        };
        return _cluster[replica].SendAsync(request, completion, cancellation == default ? Patience.Within(Patience.Long) : cancellation);
    }
}
