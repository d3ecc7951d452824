using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary><c>auto-routing</c>.</summary>
internal sealed class AutoRouting : LoadScenario
{
    private static readonly string[] Prompts =
    [
        "hi",
        "What is the capital of France?",
        "Translate to Urdu: the train leaves at nine.",
        "Prove that the sum of two odd numbers is even, then write a C# function with tests that checks it for every pair up to a thousand, and analyse its complexity step by step.",
        "Our payment service loses messages under load. Given the architecture below, compare three designs, derive the failure modes of each, and recommend one with a migration plan, code and a proof of its ordering guarantees.",
    ];

    public override string Name => "auto-routing";

    public override string Summary => "Easy and hard prompts, each sent to the tier that fits it.";

    public override async ValueTask<Outcome> ArriveAsync(ScenarioBench bench, long number, CancellationToken cancellation)
    {
        var answer = await bench.SendAsync(
            $$"""{"model":"m","input":"{{Prompts[number % Prompts.Length]}}","max_output_tokens":256,"store":false,"auto_routing":true,"auto_routing_debug":true}""", cancellation: cancellation);
        return answer.Ok ? new Outcome(true, Tier(answer.Text)) : Outcome.Of(answer.Status);
    }

    public override async IAsyncEnumerable<Fact> JudgeAsync(ScenarioBench bench, OpenLoopResult result)
    {
        await Task.CompletedTask;
        yield return Facts.NothingFailed(result);
        var tiers = result.Kinds.Values.SelectMany(kind => kind.Labels).Where(pair => pair.Key != "none").ToList();
        yield return new Fact("more than one tier serves", tiers.Count > 1, string.Join(", ", tiers.Select(pair => $"{pair.Value} x {pair.Key}")));
    }

    /// <summary>The debug text is JSON within JSON.</summary>
    private static string Tier(string text)
    {
        const string field = "desired_tier\\\":\\\"";
        var plain = text.Replace("\\u0022", "\\\"", StringComparison.Ordinal);
        var at = plain.IndexOf(field, StringComparison.Ordinal);
        return at < 0 ? "none" : plain[(at + field.Length)..plain.IndexOf('\\', at + field.Length)];
    }
}
