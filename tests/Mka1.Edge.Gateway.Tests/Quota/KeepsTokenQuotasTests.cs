using System.Net;
using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Runs;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Stores.Responses;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests.Quota;

/// <summary>Promise: tokens are set aside before any work is done, and settled by what was done, however it ends.</summary>
public sealed class KeepsTokenQuotasTests
{
    private const long Plenty = 100_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_left_is_the_limit_less_what_the_model_server_reported(bool stream)
    {
        await using var gateway = await QuotaBench.StartAsync(QuotaBench.Tokens(Plenty));
        gateway.Dense.Play(Scripts.Completed("Hello"));
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(stream: stream));
        Assert.True(answer.IsSuccessStatusCode);
        Assert.InRange(answer.Told("tokens"), Plenty - 2_000, Plenty - 1_024);
        Assert.Equal(Plenty, long.Parse(Assert.Single(answer.Headers.GetValues("x-ratelimit-limit-tokens")), System.Globalization.CultureInfo.InvariantCulture));
        await answer.Content.ReadAsStringAsync();

        // At once: the next request of a client that sends one after the other finds its quota settled.
        Assert.Equal(Plenty - QuotaBench.Reported, await gateway.RemainingAsync("tokens"));
    }

    [Fact]
    public async Task A_request_gets_no_more_output_than_is_left()
    {
        await using var gateway = await QuotaBench.StartAsync(QuotaBench.Tokens(400));
        gateway.Dense.Play(Scripts.Completed("Hello"));
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"max_output_tokens\":1000"));
        Assert.True(answer.IsSuccessStatusCode);
        var cap = gateway.Dense.Calls[^1].Json.GetProperty("max_output_tokens").GetInt64();
        Assert.InRange(cap, 300, 399);
        Assert.Equal(0, answer.Told("tokens"));
        using var told = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(1000, told.RootElement.GetProperty("max_output_tokens").GetInt64());
    }

    [Fact]
    public async Task A_request_that_fits_is_forwarded_with_the_cap_its_client_set()
    {
        await using var gateway = await QuotaBench.StartAsync(QuotaBench.Tokens(Plenty));
        gateway.Dense.Play(Scripts.Completed("Hello"));
        (await gateway.PostAsync(GatewayFixture.Hello(extra: "\"max_output_tokens\":1000"))).Dispose();
        Assert.Equal(1000, gateway.Dense.Calls[^1].Json.GetProperty("max_output_tokens").GetInt64());
        (await gateway.PostAsync(GatewayFixture.Hello())).Dispose();
        Assert.False(gateway.Dense.Calls[^1].Json.TryGetProperty("max_output_tokens", out _));
    }

    [Fact]
    public async Task Where_the_configuration_says_refuse_a_request_that_does_not_fit_is_refused()
    {
        await using var gateway = await QuotaBench.StartAsync(
            QuotaBench.Tokens(400), change: config => config with { Quotas = config.Quotas with { OnShortage = QuotaShortage.Refuse } });
        using var tooMuch = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"max_output_tokens\":1000"));
        await tooMuch.AssertRefusedAsync(429, "insufficient_quota");
        Assert.Null(tooMuch.Headers.RetryAfter);
        Assert.Equal("false", Assert.Single(tooMuch.Headers.GetValues("x-should-retry")));
        Assert.Equal(0, gateway.UpstreamCalls);

        gateway.Dense.Play(Scripts.Completed("Hello"));
        using var fits = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"max_output_tokens\":100"));
        Assert.True(fits.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_refusal_names_whose_limit_was_reached_and_following_its_Retry_After_succeeds()
    {
        var clock = new FakeClock();
        await using var gateway = await QuotaBench.StartAsync(tenant: QuotaBench.Tokens(60, "minute"), clock: clock);
        gateway.Dense.Play(Scripts.Json(Transcript.Response("Hello", usage: """{"input_tokens":40,"output_tokens":20,"total_tokens":60}""")));
        using var first = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"max_output_tokens\":16"));
        Assert.True(first.IsSuccessStatusCode);

        using var second = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"max_output_tokens\":16"));
        var error = await second.AssertRefusedAsync(429, "rate_limit_exceeded");
        var limit = error.GetProperty("rate_limit");
        Assert.Equal(("tenant", "tokens", "minute"), (limit.GetProperty("scope").GetString(), limit.GetProperty("dimension").GetString(), limit.GetProperty("window").GetString()));
        Assert.Equal((60, 60), (limit.GetProperty("limit").GetInt64(), limit.GetProperty("used").GetInt64()));
        Assert.InRange(limit.GetProperty("reset_seconds").GetDouble(), 60, 61.5);
        Assert.Contains("60 tokens a minute", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, second.Told("tokens"));

        clock.Advance(second.Headers.RetryAfter!.Delta!.Value - TimeSpan.FromSeconds(3));
        using var early = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"max_output_tokens\":16"));
        await early.AssertRefusedAsync(429);
        clock.Advance(TimeSpan.FromSeconds(3));
        using var third = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"max_output_tokens\":16"));
        Assert.True(third.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_budget_that_is_used_up_refuses_before_anything_is_read_and_takes_nothing_of_the_request_windows()
    {
        var limits = QuotaBench.Tokens(15) with { Requests = [new() { Window = "hour", Limit = 10 }] };
        await using var gateway = await QuotaBench.StartAsync(limits);
        gateway.Dense.Play(Scripts.Completed("Hello"));

        // Asks for no more than it gets, whatever the estimate: the model server's word counts in the end.
        using var tooBig = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"max_output_tokens\":16"));
        await tooBig.AssertRefusedAsync(429, "insufficient_quota");
        Assert.Equal(9, await gateway.RemainingAsync("requests"));
        using var malformed = await gateway.PostAsync("{");
        await malformed.AssertRefusedAsync(400);
        Assert.Equal(7, await gateway.RemainingAsync("requests"));
    }

    [Fact]
    public async Task A_stream_goes_on_as_long_as_there_is_more_to_be_had_and_then_ends_as_incomplete()
    {
        const int limit = 300;
        await using var gateway = await QuotaBench.StartAsync(
            QuotaBench.Tokens(limit), change: config => config with { Quotas = config.Quotas with { DefaultOutputTokens = 40 } });
        var deltas = Enumerable.Range(0, 1000).Select(i => $"{i} ").ToArray();
        gateway.Dense.Play(Scripts.Stream(Transcript.Text(deltas)));
        var events = await gateway.StreamAsync("\"store\":false");

        Assert.Equal("response.incomplete", events[^2].Name);
        var response = events[^2].Json.GetProperty("response");
        Assert.Equal("max_output_tokens", response.GetProperty("incomplete_details").GetProperty("reason").GetString());
        var heard = events.Count(e => e.Name == "response.output_text.delta");
        var usage = response.GetProperty("usage");
        Assert.Equal(heard, usage.GetProperty("output_tokens").GetInt64());

        Assert.Equal(limit, usage.GetProperty("total_tokens").GetInt64());
        Assert.Equal(string.Concat(deltas.Take(heard)), response.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
        await gateway.AssertSettledAsync(limit);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_without_events_is_held_to_its_quota_as_it_grows_too(bool store)
    {
        await using var gateway = await QuotaBench.StartAsync(
            QuotaBench.Tokens(300), change: config => config with { Quotas = config.Quotas with { DefaultOutputTokens = 40 } });
        gateway.Dense.Play(Scripts.Stream(Transcript.Text([.. Enumerable.Range(0, 1000).Select(i => $"{i} ")])));
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: $"\"store\":{(store ? "true" : "false")}"));
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("incomplete", body.RootElement.GetProperty("status").GetString());
        Assert.Equal(300, body.RootElement.GetProperty("usage").GetProperty("total_tokens").GetInt64());
    }

    [Fact]
    public async Task Whatever_becomes_of_requests_nothing_stays_set_aside_and_the_ledger_says_what_is_used_up()
    {
        await using var gateway = await QuotaBench.StartAsync(QuotaBench.Tokens(Plenty) with { Concurrency = 100 });
        gateway.Dense.Play(async call =>
        {
            await ((call.Json.GetProperty("n").GetInt32() % 5) switch
            {
                0 => Scripts.Completed("Hello")(call),
                1 => Scripts.Json("{}", 500)(call),
                2 => Scripts.Reset(call),
                3 => Scripts.Json("""{"error":{"message":"no"}}""", 400)(call),
                _ => Scripts.Stream([.. Transcript.Opening().Concat(Transcript.Deltas("x", "y")).Select(e => e.ToString())])(call),
            });
        });
        await Parallel.ForEachAsync(Enumerable.Range(0, 120), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (n, _) =>
        {
            using var request = GatewayFixture.Create(GatewayFixture.Hello(
                stream: n % 2 == 0, extra: $"\"n\":{n},\"store\":{(n % 3 == 0 ? "true" : "false")}{(n % 7 == 0 ? ",\"max_output_tokens\":50" : "")}{(n % 11 == 0 ? ",\"background\":true,\"store\":true" : "").Replace(",\"store\":true", "", StringComparison.Ordinal)}"));
            using var hurry = new CancellationTokenSource();
            if (n % 13 == 0) hurry.CancelAfter(3);
            try
            {
                using var answer = await gateway.Client.SendAsync(request, hurry.Token);
                await answer.Content.ReadAsStringAsync(hurry.Token);
            }
            catch (OperationCanceledException)
            {
                // Left in a hurry, as meant.
            }
        });
        await gateway.AssertSettledAsync(Plenty);
        var total = await gateway.Ledger.TotalAsync("acme");
        Assert.True(total is { Runs: > 40, OutputTokens: > 100 });
    }

    [Fact]
    public async Task Budgets_of_cost_go_by_the_prices_of_the_variant_and_are_told_of_in_its_currency()
    {
        var limits = new QuotaLimitsConfig { Cost = [new() { Window = "day", Limit = 0.25m }] };
        await using var gateway = await QuotaBench.StartAsync(limits, change: config =>
        {
            var family = config.Families[GatewayFixture.Family];
            var variants = family.Variants.ToDictionary(v => v.Key, v => v.Value);
            variants["dense"] = variants["dense"] with { InputPricePer1K = 1, OutputPricePer1K = 10 };
            return config with { Families = new Dictionary<string, FamilyConfig> { [GatewayFixture.Family] = family with { Variants = variants } } };
        });
        gateway.Dense.Play(Scripts.Completed("Hello"));
        var granted = 0;
        JsonElement? error = null;
        for (var i = 0; i < 6; i++)
        {
            using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"max_output_tokens\":16"));
            if (answer.IsSuccessStatusCode) granted++;
            else error = await answer.AssertRefusedAsync(429, "insufficient_quota");
        }

        // 8 input tokens at 0.001 and 7 output tokens at 0.01 are 0.078; the third leaves too little for another.
        Assert.InRange(granted, 1, 3);
        var limit = error!.Value.GetProperty("rate_limit");
        Assert.Equal(("key", "cost", 0.25m), (limit.GetProperty("scope").GetString(), limit.GetProperty("dimension").GetString(), limit.GetProperty("limit").GetDecimal()));
        Assert.Equal(0.078m * granted, limit.GetProperty("used").GetDecimal());
        Assert.Equal(78_000_000 * granted, (await gateway.Ledger.TotalAsync("acme")).CostNano);
    }

    [Fact]
    public async Task Far_from_its_limits_a_request_holds_the_most_that_its_input_can_come_to_and_nobody_is_asked()
    {
        await using var gateway = await QuotaBench.StartAsync(QuotaBench.Tokens(Plenty));
        gateway.Dense.Play(QuotaBench.Counts(900));
        using var answer = await gateway.PostAsync(Dense(1000, output: 16));
        Assert.True(answer.IsSuccessStatusCode);
        Assert.InRange(answer.Told("tokens"), Plenty - 1_500, Plenty - 1_016);
        Assert.Equal(1, gateway.UpstreamCalls);
    }

    [Theory]
    [InlineData(1100, 194)]
    [InlineData(922, 16)]
    [InlineData(921, null)]
    public async Task Near_a_limit_the_model_servers_count_decides_and_what_is_left_is_output(int limit, int? granted)
    {
        await using var gateway = await QuotaBench.StartAsync(QuotaBench.Tokens(limit));
        gateway.Dense.Play(QuotaBench.Counts(906));
        using var answer = await gateway.PostAsync(Dense(1000, output: 500));
        if (granted is null)
        {
            await answer.AssertRefusedAsync(429, "insufficient_quota");
            Assert.Equal(limit, await gateway.RemainingAsync("tokens"));
        }
        else
        {
            Assert.True(answer.IsSuccessStatusCode);
            Assert.Equal(granted, gateway.Dense.Calls[^1].Json.GetProperty("max_output_tokens").GetInt32());
            Assert.Equal(limit - 913, await gateway.RemainingAsync("tokens"));
        }
    }

    [Fact]
    public async Task Who_is_refused_costs_the_model_server_nothing()
    {
        await using var gateway = await QuotaBench.StartAsync(QuotaBench.Tokens(100));
        using var answer = await gateway.PostAsync(Dense(1000, output: 16));
        await answer.AssertRefusedAsync(429, "insufficient_quota");
        Assert.Equal(0, gateway.UpstreamCalls);
    }

    [Fact]
    public async Task A_client_that_leaves_while_its_input_is_counted_leaves_nothing_set_aside()
    {
        await using var gateway = await QuotaBench.StartAsync(QuotaBench.Tokens(1000));
        gateway.Dense.Play(Scripts.Silence);
        using var leave = new CancellationTokenSource();
        using var request = GatewayFixture.Create(Dense(1000, output: 16));
        var counting = gateway.Dense.NextCallAsync();
        var sent = gateway.Client.SendAsync(request, leave.Token);
        Assert.Contains("/input_tokens", (await counting).Head, StringComparison.Ordinal);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
        await gateway.AssertSettledAsync(1000);
        Assert.Equal(1000, await gateway.RemainingAsync("tokens"));
    }

    [Theory]
    [InlineData(QuotaUncounted.Estimate, true)]
    [InlineData(QuotaUncounted.Bound, false)]
    public async Task Of_a_model_server_that_cannot_count_the_configuration_says_what_is_set_aside(QuotaUncounted uncounted, bool granted)
    {
        await using var gateway = await QuotaBench.StartAsync(
            QuotaBench.Tokens(1000), change: config => config with { Quotas = config.Quotas with { UncountedInput = uncounted } });
        gateway.Dense.Play(call => call.Head.Contains("/input_tokens", StringComparison.Ordinal) ? Scripts.Json("{}", 404)(call) : Scripts.Completed("Hello")(call));
        using var answer = await gateway.PostAsync(Dense(1000, output: 16));
        Assert.Equal(granted, answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Each_end_user_has_a_quota_of_its_own_and_the_tenant_one_for_all()
    {
        await using var gateway = await QuotaBench.StartAsync(tenant: QuotaBench.Requests(5), endUser: QuotaBench.Requests(2));
        async Task<HttpStatusCode> AskAsync(string user)
        {
            using var request = GatewayFixture.Create(GatewayFixture.Hello());
            request.Headers.Add("X-On-Behalf-Of", user);
            using var answer = await gateway.Client.SendAsync(request);
            return answer.StatusCode;
        }

        gateway.Dense.Play(Scripts.Completed("Hello"));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], [await AskAsync("ann"), await AskAsync("ann"), await AskAsync("ann")]);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [await AskAsync("bob"), await AskAsync("bob")]);

        // What was refused to one took nothing from all.
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests], [await AskAsync("cat"), await AskAsync("dan")]);
    }

    [Fact]
    public async Task A_stored_stream_keeps_its_place_after_its_client_has_left()
    {
        var clock = new FakeClock();
        await using var gateway = await QuotaBench.StartAsync(new QuotaLimitsConfig { Concurrency = 1 }, clock: clock);
        gateway.Dense.Play(Scripts.StreamThenSilence([.. Transcript.Opening(), .. Transcript.Deltas("a")]));
        using (var stream = await gateway.OpenAsync(GatewayFixture.Hello(stream: true, extra: "\"store\":true")))
        {
            Assert.True(stream.IsSuccessStatusCode);
        }

        using (var second = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"store\":false")))
        {
            var error = await second.AssertRefusedAsync(429, "rate_limit_exceeded");
            Assert.Equal("concurrency", error.GetProperty("rate_limit").GetProperty("dimension").GetString());
        }

        // Its grace time over, the run ends, and with it what it held.
        await clock.AdvanceUntilAsync(gateway.Log.WaitForAsync(line => line.EventId == 1900 && Equals(line.Values["End"]?.ToString(), "ClientDisconnected")), TimeSpan.FromSeconds(1));
        gateway.Dense.Play(Scripts.Completed("Hello"));
        using var third = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"store\":false"));
        Assert.True(third.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_background_run_holds_its_tokens_until_it_has_ended_or_is_cancelled()
    {
        await using var gateway = await QuotaBench.StartAsync(
            QuotaBench.Tokens(Plenty), change: config => config with { Background = config.Background with { Workers = 1 } });
        var goOn = new TaskCompletionSource();
        gateway.Dense.Play(async call =>
        {
            await goOn.Task;
            await Scripts.Completed("Hello")(call);
        });
        async Task<string> BeginAsync()
        {
            using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"background\":true,\"max_output_tokens\":5000"));
            Assert.True(answer.IsSuccessStatusCode);
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            return body.RootElement.GetProperty("id").GetString()!;
        }

        var running = gateway.Dense.NextCallAsync();
        await BeginAsync();
        await running;
        var waiting = await BeginAsync();
        Assert.InRange(await gateway.RemainingAsync("tokens"), Plenty - 11_000, Plenty - 10_000);

        using var cancel = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/llm/responses/{waiting}/cancel");
        cancel.Headers.Authorization = new("Bearer", TestKeys.Acme);
        (await gateway.Client.SendAsync(cancel)).Dispose();
        Assert.InRange(await gateway.RemainingAsync("tokens"), Plenty - 5_500, Plenty - 5_000);
        goOn.SetResult();
        await gateway.AssertSettledAsync(Plenty);
        Assert.Equal(Plenty - QuotaBench.Reported, await gateway.RemainingAsync("tokens"));
    }

    [Fact]
    public async Task A_background_run_that_was_deleted_at_another_replica_gives_back_what_it_held()
    {
        await using var gateway = await QuotaBench.StartAsync(QuotaBench.Tokens(Plenty));
        var goOn = new TaskCompletionSource();
        gateway.Dense.Play(async call =>
        {
            await goOn.Task;
            await Scripts.Completed("Hello")(call);
        });
        var running = gateway.Dense.NextCallAsync();
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"background\":true,\"max_output_tokens\":5000"));
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        await running;

        // As the other replica does it, and its word does not get here.
        var id = body.RootElement.GetProperty("id").GetString()!;
        var owner = gateway.App.Services.GetRequiredService<RunHost>().Find(id)!.Run.Caller.Owner;
        Assert.True(await gateway.App.Services.GetRequiredService<IResponseStore>().DeleteAsync(owner, id));
        goOn.SetResult();
        await gateway.AssertSettledAsync(Plenty);
        Assert.InRange(await gateway.RemainingAsync("tokens"), Plenty - 500, Plenty);
    }

    /// <summary>A request of so many letters, which may be as many tokens.</summary>
    private static string Dense(int letters, int output) => GatewayFixture.Hello(extra: $"\"instructions\":\"{new string('x', letters)}\",\"max_output_tokens\":{output}");
}
