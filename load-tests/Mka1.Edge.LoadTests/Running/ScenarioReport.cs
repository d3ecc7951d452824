using Mka1.Edge.LoadTests.Measuring;
using Mka1.Edge.LoadTests.Scenarios;

namespace Mka1.Edge.LoadTests.Running;

/// <summary>What a run of a scenario has found.</summary>
/// <param name="Scenario">Its name.</param>
/// <param name="Summary">What happens in it.</param>
/// <param name="Options">What it was told.</param>
/// <param name="Result">What became of its requests.</param>
/// <param name="Measures">Durations measured beside them.</param>
/// <param name="Facts">What must hold.</param>
internal sealed record ScenarioReport(
    string Scenario, string Summary, ScenarioOptions Options, OpenLoopResult Result, IReadOnlyDictionary<string, Histogram> Measures, IReadOnlyList<Fact> Facts)
{
    public bool Holds => Facts.All(fact => fact.Holds);
}
