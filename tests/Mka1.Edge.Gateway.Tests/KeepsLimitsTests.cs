using System.Net;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a key gets exactly what its limits say, whatever others do.</summary>
public sealed class KeepsLimitsTests
{
    [Fact]
    public async Task A_request_limit_grants_exactly_as_many_and_then_429_with_a_time_to_retry()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => gateway.PostAsync(GatewayFixture.Hello(), TestKeys.FiveADay)));
        Assert.Equal(5, answers.Count(a => a.IsSuccessStatusCode));
        Assert.Equal(5, gateway.UpstreamCalls);
        foreach (var refused in answers.Where(a => !a.IsSuccessStatusCode))
        {
            var error = await refused.AssertRefusedAsync(429, "rate_limit_exceeded");
            Assert.Equal("rate_limit_error", error.GetProperty("type").GetString());
            // A bucket, a fortieth of the window, counts until the whole of it has left.
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromDays(1), TimeSpan.FromDays(1) * 41 / 40);
        }

        Array.ForEach(answers, a => a.Dispose());
    }

    [Fact]
    public async Task The_limits_of_one_key_do_not_touch_another_key_or_tenant()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config);
        for (var i = 0; i < 8; i++) (await gateway.PostAsync(GatewayFixture.Hello(), TestKeys.FiveADay)).Dispose();

        foreach (var key in (string[])[TestKeys.Acme, TestKeys.Globex])
        {
            using var answer = await gateway.PostAsync(GatewayFixture.Hello(), key);
            Assert.True(answer.IsSuccessStatusCode);
        }
    }

    [Fact]
    public async Task Keys_with_the_same_limits_do_not_share_them_even_when_they_bear_the_same_name_in_two_tenants()
    {
        await using var gateway = await GatewayFixture.StartAsync(config =>
        {
            WindowLimitConfig[] twoADay = [new() { Window = "day", Limit = 2 }];
            KeyConfig Limited(string key) => new() { Hash = ApiKeyFormat.HashText(key), Requests = twoADay };
            return config with
            {
                Tenants = new Dictionary<string, TenantConfig>
                {
                    ["acme"] = new() { Keys = new Dictionary<string, KeyConfig> { ["main"] = Limited(TestKeys.Acme), ["second"] = Limited(TestKeys.FiveADay) } },
                    ["globex"] = new() { Keys = new Dictionary<string, KeyConfig> { ["main"] = Limited(TestKeys.Globex) } },
                },
            };
        });
        foreach (var key in (string[])[TestKeys.Acme, TestKeys.FiveADay, TestKeys.Globex])
        {
            var statuses = new List<HttpStatusCode>();
            for (var i = 0; i < 3; i++)
            {
                using var answer = await gateway.PostAsync(GatewayFixture.Hello(), key);
                statuses.Add(answer.StatusCode);
            }

            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
        }
    }

    [Fact]
    public async Task Requests_without_a_valid_key_and_probes_use_up_nothing()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config);
        for (var i = 0; i < 10; i++)
        {
            (await gateway.PostAsync(GatewayFixture.Hello(), TestKeys.Unknown)).Dispose();
            (await gateway.Client.GetAsync("/healthz")).Dispose();
        }

        for (var i = 0; i < 5; i++)
        {
            using var answer = await gateway.PostAsync(GatewayFixture.Hello(), TestKeys.FiveADay);
            Assert.True(answer.IsSuccessStatusCode);
        }
    }

    [Fact]
    public async Task The_string_body_comes_when_the_configuration_asks_for_it()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config with { Compatibility = config.Compatibility with { StringRateLimitErrors = true } });
        for (var i = 0; i < 5; i++) (await gateway.PostAsync(GatewayFixture.Hello(), TestKeys.FiveADay)).Dispose();
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(), TestKeys.FiveADay);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("""{"error":"Rate limit exceeded"}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.True(answer.Headers.Contains("x-request-id"));
    }

    [Fact]
    public async Task A_stream_counts_against_concurrency_until_it_ends()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config);
        var goOn = new TaskCompletionSource();
        gateway.Dense.Play(async call =>
        {
            await call.StartAsync();
            foreach (var e in Transcript.Opening()) await call.ChunkAsync(e.ToString());
            await goOn.Task;
            await call.ChunkAsync(Transcript.Delta("Hi", 4) + string.Concat(Transcript.Closing("Hi", 5)));
            await call.EndAsync();
        });
        using var first = await gateway.OpenAsync(GatewayFixture.Hello(stream: true), TestKeys.OneAtATime);
        Assert.True(first.IsSuccessStatusCode);

        using var second = await gateway.PostAsync(GatewayFixture.Hello(), TestKeys.OneAtATime);
        await second.AssertRefusedAsync(429, "rate_limit_exceeded");
        Assert.Equal(TimeSpan.FromSeconds(1), second.Headers.RetryAfter?.Delta);

        goOn.SetResult();
        await first.Content.ReadAsStringAsync();
        gateway.Dense.Play(Scripts.Completed("x"));
        await GrantedSoonAsync(gateway);
    }

    [Fact]
    public async Task A_client_that_leaves_gives_its_place_back()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config);
        gateway.Dense.Play(Scripts.StreamThenSilence(Transcript.Opening()));
        for (var i = 0; i < 3; i++)
        {
            var stream = await gateway.OpenAsync(GatewayFixture.Hello(stream: true, extra: "\"store\":false"), TestKeys.OneAtATime);
            Assert.True(stream.IsSuccessStatusCode);
            var call = gateway.Dense.Calls[^1];
            stream.Dispose();
            await call.Aborted.Soon();
            await PlaceIsFreeAsync(gateway);
        }
    }

    [Fact]
    public async Task Every_window_of_a_key_must_have_room()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => Limited(config, new() { Window = "hour", Limit = 3 }, new() { Window = "day", Limit = 100 }));
        var granted = 0;
        for (var i = 0; i < 6; i++)
        {
            using var answer = await gateway.PostAsync(GatewayFixture.Hello(), TestKeys.FiveADay);
            if (answer.IsSuccessStatusCode) granted++;
        }

        Assert.Equal(3, granted);
    }

    [Fact]
    public async Task Reading_the_list_of_models_counts_as_a_request()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 6; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/llm/models");
            request.Headers.Authorization = new("Bearer", TestKeys.FiveADay);
            using var answer = await gateway.Client.SendAsync(request);
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.OK, 5), HttpStatusCode.TooManyRequests], statuses);
    }

    /// <summary>A place comes free just after the last byte has left, so a request right behind it may have to ask again.</summary>
    private static async Task GrantedSoonAsync(GatewayFixture gateway)
    {
        var granted = AskUntilGrantedAsync(gateway);
        await granted.Soon();
    }

    private static async Task AskUntilGrantedAsync(GatewayFixture gateway)
    {
        while (true)
        {
            using var answer = await gateway.PostAsync(GatewayFixture.Hello(), TestKeys.OneAtATime);
            if (answer.IsSuccessStatusCode) return;
            await Task.Delay(10);
        }
    }

    private static async Task PlaceIsFreeAsync(GatewayFixture gateway)
    {
        async Task AskAsync()
        {
            while (true)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/llm/models");
                request.Headers.Authorization = new("Bearer", TestKeys.OneAtATime);
                using var answer = await gateway.Client.SendAsync(request);
                if (answer.IsSuccessStatusCode) return;
                await Task.Delay(10);
            }
        }

        await AskAsync().Soon();
    }

    private static EdgeConfig Limited(EdgeConfig config, params WindowLimitConfig[] limits)
    {
        var tenants = config.Tenants.ToDictionary(t => t.Key, t => t.Value);
        var keys = tenants["acme"].Keys.ToDictionary(k => k.Key, k => k.Value);
        keys["five-a-day"] = keys["five-a-day"] with { Requests = limits };
        tenants["acme"] = tenants["acme"] with { Keys = keys };
        return config with { Tenants = tenants };
    }
}
