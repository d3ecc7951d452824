using Mka1.Edge.LoadTests.Measuring;
using Mka1.Edge.LoadTests.Scenarios;

namespace Mka1.Edge.LoadTests.Tests;

/// <summary>One whose model server refuses.</summary>
internal sealed class FaultyScenario : LoadScenario
{
    public override string Name => "faulty";

    public override string Summary => "Every request is refused by the model server.";

    public override async ValueTask<Outcome> ArriveAsync(ScenarioBench bench, long number, CancellationToken cancellation) =>
        Outcome.Of((await bench.SendAsync(Bodies.Create("status=400"), cancellation: cancellation)).Status);
}
