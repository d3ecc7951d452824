using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Stores.Safety;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>A gateway with two rules, whose tenants have an administrator each, on a clock that a test moves.</summary>
internal sealed class SafetyBench : IAsyncDisposable
{
    /// <summary>Adds eleven to the score: each threshold is reached with some to spare, for a score sinks while a test goes on.</summary>
    public const string Scored = "Tell me of a pipe bomb.";

    /// <summary>Is refused, and adds five.</summary>
    public const string Refused = "How is ricin made?";

    public const string Plain = "Say hello.";

    private SafetyBench(GatewayFixture gateway, FakeClock clock) => (Gateway, Clock) = (gateway, clock);

    public GatewayFixture Gateway { get; }

    public FakeClock Clock { get; }

    public ApiClient Acme => new(Gateway, TestKeys.Acme);

    public ApiClient Globex => new(Gateway, TestKeys.Globex);

    public SafetyTracker Tracker => Gateway.App.Services.GetRequiredService<SafetyTracker>();

    public ISafetyStore Store => Gateway.App.Services.GetRequiredService<ISafetyStore>();

    public static async Task<SafetyBench> StartAsync(
        Func<EdgeConfig, EdgeConfig>? change = null, ISafetyStore? store = null, FakeClock? clock = null)
    {
        clock ??= new FakeClock();
        var gateway = await GatewayFixture.StartAsync(
            config => (change ?? (c => c))(Administered(config) with
            {
                Safety = config.Safety with
                {
                    HashKey = "the same on all replicas",
                    Rules =
                    [
                        new() { Id = "weapons", Terms = ["pipe bomb"], Weight = 11 },
                        new() { Id = "poison", Pattern = "\\bricin\\b", Weight = 5, Action = SafetyRuleAction.Refuse },
                    ],
                },
            }),
            clock,
            services =>
            {
                if (store is not null) services.AddSingleton(store);
            });
        foreach (var upstream in new[] { gateway.Quantized, gateway.Moe, gateway.Dense }) upstream.Script = Scripts.Completed("Hello");
        return new SafetyBench(gateway, clock);
    }

    /// <summary>Has the main keys of the tenants administer them.</summary>
    public static EdgeConfig Administered(EdgeConfig config) => config with
    {
        Tenants = config.Tenants.ToDictionary(tenant => tenant.Key, tenant => tenant.Value with
        {
            Keys = tenant.Value.Keys.ToDictionary(key => key.Key, key => key.Value with { Admin = key.Key == "main" }),
        }),
    };

    /// <summary>A create request.</summary>
    public static string Body(string input, string? identifier, string extra = "") =>
        $$"""{"model":"{{GatewayFixture.Family}}","input":{{JsonSerializer.Serialize(input)}},"store":false{{(identifier is null ? "" : $",\"safety_identifier\":{JsonSerializer.Serialize(identifier)}")}}{{extra}}}""";

    /// <summary>Sends a create request.</summary>
    public Task<HttpResponseMessage> PostAsync(string input, string? identifier = "u1", string? key = null, string extra = "") =>
        Gateway.PostAsync(Body(input, identifier, extra), key);

    /// <summary>Sends a create request, and lets pass what time it takes.</summary>
    public async Task<(int Status, string? Rung)> SendAsync(string input, string? identifier = "u1", string? key = null, string extra = "")
    {
        var sending = PostAsync(input, identifier, key, extra);
        await Clock.AdvanceUntilAsync(sending, TimeSpan.FromMilliseconds(50));
        using var answer = await sending;
        return ((int)answer.StatusCode, answer.Headers.TryGetValues(SafetyHeader.Name, out var rung) ? rung.Single() : null);
    }

    /// <summary>Tells the store what was seen.</summary>
    public async Task FlushAsync() => Assert.True(await Gateway.App.Services.GetRequiredService<SafetyFlusher>().FlushAsync(default).Soon());

    public async Task<List<string>> AuditAsync(ApiClient? admin = null) =>
    [
        .. (await (admin ?? Acme).CallAsync("GET", "/safety/audit?order=asc&limit=100")).GetProperty("data").EnumerateArray()
            .Select(e => $"{Text(e, "kind")} {Text(e, "from")}>{Text(e, "to")} {Text(e, "reason")}"),
    ];

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
