using System.Text.Json.Nodes;
using Mka1.Edge.LoadTests.Measuring;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary><c>quota-limited</c>.</summary>
internal sealed class QuotaLimited : LoadScenario
{
    private const int PartAllowed = 4;
    private const int TooMany = 429;
    private const string Limited = "limited tenant";

    private static readonly string Body = Bodies.Create();

    private readonly string _limited = ApiKeyFormat.Create();

    public override string Name => "quota-limited";

    public override string Summary => "Two tenants in turn, one of which sends four times what it may.";

    public override void Configure(JsonObject configuration, ScenarioOptions options) =>
        configuration["tenants"]!["limited"] = ScenarioConfiguration.Tenant(_limited, ScenarioConfiguration.PerSecond(Allowed(options)));

    public override async ValueTask<Outcome> ArriveAsync(ScenarioBench bench, long number, CancellationToken cancellation)
    {
        var limited = number % 2 == 0;
        var answer = await bench.SendAsync(Body, key: limited ? _limited : null, cancellation: cancellation);
        var outcome = Outcome.Of(answer.Status, kind: limited ? Limited : "other tenant");
        return limited && answer.Status == TooMany ? outcome with { Ok = true } : outcome;
    }

    public override async IAsyncEnumerable<Fact> JudgeAsync(ScenarioBench bench, OpenLoopResult result)
    {
        await Task.CompletedTask;
        yield return Facts.NothingFailed(result);
        var labels = result.Kinds[Limited].Labels;
        var granted = labels.GetValueOrDefault("200");

        // A window may have been open when the first came, and answers may have taken a second more.
        var most = Allowed(bench.Options) * (Math.Ceiling(bench.Options.Time.TotalSeconds) + 2);
        yield return new Fact("the limited tenant gets no more than its limit", granted <= most, $"{granted} granted of {most} that may be");
        yield return new Fact("the rest is refused", labels.GetValueOrDefault("429") > 0, $"{labels.GetValueOrDefault("429")} refused");
    }

    private static long Allowed(ScenarioOptions options) => Math.Max(1, (long)(options.Rate / 2 / PartAllowed));
}
