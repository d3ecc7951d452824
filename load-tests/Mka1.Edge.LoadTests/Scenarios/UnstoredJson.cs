using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary><c>unstored-json</c>.</summary>
internal sealed class UnstoredJson : LoadScenario
{
    private static readonly string Body = Bodies.Create();

    public override string Name => "unstored-json";

    public override string Summary => "Answers without a stream that are not stored.";

    public override async ValueTask<Outcome> ArriveAsync(ScenarioBench bench, long number, CancellationToken cancellation) =>
        Outcome.Of((await bench.SendAsync(Body, cancellation: cancellation)).Status);
}
