using Mka1.Edge.Policies.Safety;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mka1.Edge.Security.Tests.Leaks;

/// <summary>A gateway that has been through all of <see cref="LeakScenario"/>, with everything it wrote.</summary>
internal sealed class LeakRun : IAsyncDisposable
{
    private readonly ScriptedUpstream _receiver = new() { Script = Scripts.Json("thanks") };
    private readonly LogTap _log = new();
    private readonly SpanTap _spans = new();
    private GatewayFixture _gateway = null!;

    private LeakRun()
    {
    }

    public Canaries Canaries { get; } = new();

    public LeakScenario Scenario { get; private set; } = null!;

    public IReadOnlyList<string> LogLines => _log.Lines;

    public IReadOnlyList<string> Spans => _spans.Spans;

    public ILoggerFactory Loggers => _gateway.App.Services.GetRequiredService<ILoggerFactory>();

    /// <summary>What the webhooks' receiver got, heads and bodies.</summary>
    public IReadOnlyList<string> Webhooks => [.. _receiver.Calls.Select(call => call.Head[(call.Head.IndexOf('\n', StringComparison.Ordinal) + 1)..] + call.Text)];

    public static async Task<LeakRun> PlayAsync(RealStores? stores = null)
    {
        var run = new LeakRun();
        run._gateway = await GatewayFixture.StartAsync(
            config => config with
            {
                Admin = Operator.Config,
                Stores = stores?.Config ?? config.Stores,
                Webhooks = config.Webhooks with { AllowPrivateTargets = true },
                Background = config.Background with { Workers = 1, PerTenant = 1 },
                Safety = config.Safety with
                {
                    Weights = new() { ClientError = 0 },
                    Rules = [new() { Id = "refused", Terms = ["refuse me"], Weight = 0, Action = SafetyRuleAction.Refuse }],
                },
            },
            services: services =>
            {
                services.AddSingleton<ILoggerProvider>(run._log);
                services.Configure<LoggerFilterOptions>(options => options.AddFilter("Mka1.Edge", LogLevel.Trace));
                if (stores is not null) RealStores.KeepLedger(services);
            });
        run.Scenario = new LeakScenario(run._gateway, run._receiver, run.Canaries);
        await run.Scenario.PlayAsync();
        return run;
    }

    public async Task<string> MetricsAsync()
    {
        using var client = Operator.Client(_gateway, null);
        return await client.GetStringAsync("/metrics");
    }

    /// <summary>Canaries in texts in which none of some kinds may be.</summary>
    public IReadOnlyList<Leak> In(string place, IEnumerable<string> texts, params CanaryKind[] allowed) =>
        [.. texts.SelectMany(text => Canaries.In(text).Where(found => !allowed.Contains(found.Kind)).Select(found => new Leak($"{place}: {Shorten(text)}", found.Kind, found.Text)))];

    /// <summary>Canaries in servers where <see cref="LeakRules"/> does not allow them.</summary>
    public IReadOnlyList<Leak> In(IEnumerable<(string Place, byte[] Content)> dump) =>
        [.. dump.SelectMany(entry => Canaries.In(entry.Content).Where(found => !LeakRules.Allows(entry.Place, found.Kind)).Select(found => new Leak(entry.Place, found.Kind, found.Text)))];

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
        _spans.Dispose();
        _log.Dispose();
    }

    private static string Shorten(string text) => text.Length <= 600 ? text : text[..600];
}
