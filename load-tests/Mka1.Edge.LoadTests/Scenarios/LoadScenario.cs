using System.Text.Json.Nodes;
using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary>A load as any runner can play it: what the gateway is set up as, what one arrival does, and what must hold in the end.</summary>
internal abstract class LoadScenario
{
    /// <summary>By which it is called, in any runner.</summary>
    public abstract string Name { get; }

    /// <summary>What happens, in a sentence.</summary>
    public abstract string Summary { get; }

    /// <summary>Arrivals a second where nothing else is said.</summary>
    public virtual double Rate => 100;

    /// <summary>Model servers as processes of their own, which can be killed; none for one in this process.</summary>
    public virtual int KillableModelServers => 0;

    /// <summary>Last word on the gateway's configuration.</summary>
    public virtual void Configure(JsonObject configuration, ScenarioOptions options)
    {
    }

    /// <summary>What is done before requests arrive.</summary>
    public virtual Task PrepareAsync(ScenarioBench bench, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>One arrival.</summary>
    /// <param name="bench">What it runs on.</param>
    /// <param name="number">From 0.</param>
    /// <param name="cancellation">The end of the run.</param>
    public abstract ValueTask<Outcome> ArriveAsync(ScenarioBench bench, long number, CancellationToken cancellation);

    /// <summary>What goes on beside the arrivals.</summary>
    public virtual Task AlongsideAsync(ScenarioBench bench, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>What must hold in the end.</summary>
    public virtual async IAsyncEnumerable<Fact> JudgeAsync(ScenarioBench bench, OpenLoopResult result)
    {
        await Task.CompletedTask;
        yield return Facts.NothingFailed(result);
    }
}
