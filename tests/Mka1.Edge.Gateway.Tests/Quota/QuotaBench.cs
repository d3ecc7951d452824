using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests.Quota;

/// <summary>A gateway whose first tenant is limited, and what its callers are told of their limits.</summary>
internal static class QuotaBench
{
    /// <summary>Tokens that one answer of the scripted model server is reported to have cost.</summary>
    public const long Reported = 15;

    /// <summary>A gateway with limits for the key <c>acme/main</c>, and if need be for its tenant and its end users.</summary>
    public static Task<GatewayFixture> StartAsync(
        QuotaLimitsConfig? key = null,
        QuotaLimitsConfig? tenant = null,
        QuotaLimitsConfig? endUser = null,
        Func<EdgeConfig, EdgeConfig>? change = null,
        TimeProvider? clock = null) => GatewayFixture.StartAsync(
            config =>
            {
                var tenants = config.Tenants.ToDictionary(t => t.Key, t => t.Value);
                var keys = tenants["acme"].Keys.ToDictionary(k => k.Key, k => k.Value);
                keys["main"] = keys["main"] with
                {
                    Requests = key?.Requests ?? [],
                    Tokens = key?.Tokens ?? [],
                    Cost = key?.Cost ?? [],
                    Concurrency = key?.Concurrency,
                };
                tenants["acme"] = tenants["acme"] with { Keys = keys, Limits = tenant, EndUserLimits = endUser };
                config = config with { Tenants = tenants };
                return change?.Invoke(config) ?? config;
            },
            clock);

    public static QuotaLimitsConfig Tokens(long limit, string window = "day") => new() { Tokens = [new() { Window = window, Limit = limit }] };

    public static QuotaLimitsConfig Requests(long limit, string window = "day") => new() { Requests = [new() { Window = window, Limit = limit }] };

    /// <summary>What a request that costs nothing but itself is told is left.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="what"><c>tokens</c> or <c>requests</c>.</param>
    /// <param name="key">Whose quota.</param>
    public static async Task<long> RemainingAsync(this GatewayFixture gateway, string what, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/llm/models");
        request.Headers.Authorization = new("Bearer", key ?? TestKeys.Acme);
        using var answer = await gateway.Client.SendAsync(request);
        return answer.Told(what);
    }

    public static long Told(this HttpResponseMessage answer, string what) =>
        long.Parse(Assert.Single(answer.Headers.GetValues("x-ratelimit-remaining-" + what)), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A model server that counts every input as so many tokens, and reports as many.</summary>
    public static Func<UpstreamCall, Task> Counts(long input) => call => Scripts.Json(
        call.Head.Contains("/input_tokens", StringComparison.Ordinal)
            ? $$"""{"object":"response.input_tokens","input_tokens":{{input}}}"""
            : Transcript.Response("Hello", usage: $$"""{"input_tokens":{{input}},"output_tokens":7,"total_tokens":{{input + 7}}}"""))(call);

    /// <summary>Waits until nothing is set aside any more, and checks that what is then used up is what the ledger says.</summary>
    public static async Task AssertSettledAsync(this GatewayFixture gateway, long limit)
    {
        var total = await gateway.Ledger.TotalAsync("acme");
        var settled = false;
        for (var i = 0; i < 500 && !settled; i++)
        {
            total = await gateway.Ledger.TotalAsync("acme");
            settled = await gateway.RemainingAsync("tokens") == limit - total.InputTokens - total.OutputTokens;
            if (!settled) await Task.Delay(10);
        }

        Assert.Equal(limit - total.InputTokens - total.OutputTokens, await gateway.RemainingAsync("tokens"));
    }
}
