using Mka1.Edge.LoadTests.Running;
using Mka1.Edge.LoadTests.Scenarios;

namespace Mka1.Edge.LoadTests.Tests;

/// <summary>Promise: the runner plays scenarios against a real gateway, and says so when one does not hold.</summary>
public sealed class ScenarioTests
{
    private static readonly ScenarioOptions Short = new(Stores: false, Rate: 30, TimeSpan.FromSeconds(1), Streams: 10);

    [Theory]
    [InlineData("unstored-json")]
    [InlineData("stored-sse")]
    public async Task A_scenario_holds(string name)
    {
        var report = await ScenarioRunner.RunAsync(ScenarioList.Find(name), Short, TextWriter.Null, CancellationToken.None);
        Assert.True(report.Holds, ReportWriter.Markdown(report));
        Assert.Equal(30, report.Result.Requests);
        Assert.Contains($"\"scenario\": \"{name}\"", ReportWriter.Json(report), StringComparison.Ordinal);
    }

    /// <summary>The control.</summary>
    [Fact]
    public async Task A_scenario_whose_requests_fail_does_not_hold()
    {
        var report = await ScenarioRunner.RunAsync(new FaultyScenario(), Short, TextWriter.Null, CancellationToken.None);
        Assert.False(report.Holds);
        Assert.Equal(30, report.Result.Failed);
        Assert.Contains("DOES NOT HOLD", ReportWriter.Markdown(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_scenario_has_a_name_of_its_own_and_is_found_by_it()
    {
        var names = ScenarioList.All().Select(scenario => scenario.Name).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(names, name => Assert.Equal(name, ScenarioList.Find(name).Name));
        Assert.Throws<ArgumentException>(() => ScenarioList.Find("no-such-scenario"));
    }
}
