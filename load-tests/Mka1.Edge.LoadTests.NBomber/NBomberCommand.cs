using System.CommandLine;
using Mka1.Edge.LoadTests.Scenarios;

namespace Mka1.Edge.LoadTests.NBomber;

/// <summary>The scenarios of the built-in runner, with the same names and facts, played by NBomber.</summary>
internal static class NBomberCommand
{
    public static RootCommand Create()
    {
        var names = new Argument<string[]>("names") { Description = "Which.", Arity = ArgumentArity.OneOrMore }.AcceptOnlyFromAmong([.. ScenarioList.All().Select(scenario => scenario.Name)]);
        var rate = new Option<double?>("--rate") { Description = "Arrivals a second; left out: what the scenario says." };
        var seconds = new Option<double>("--seconds") { Description = "How long they arrive.", DefaultValueFactory = _ => 20 };
        var stores = new Option<string>("--stores") { Description = "local: private Redis and Postgres; memory: none.", DefaultValueFactory = _ => "memory" }.AcceptOnlyFromAmong("local", "memory");
        var streams = new Option<int>("--streams") { Description = "Idle streams held open.", DefaultValueFactory = _ => 2000 };
        var report = new Option<string>("--report") { Description = "Folder for NBomber's reports.", DefaultValueFactory = _ => "TestResults/nbomber" };
        var command = new RootCommand("Load scenarios of Mka1.Edge, played by NBomber.") { names, rate, seconds, stores, streams, report };
        command.SetAction(async (arguments, cancellation) =>
        {
            var holds = true;
            foreach (var name in arguments.GetRequiredValue(names))
            {
                var scenario = ScenarioList.Find(name);
                var options = new ScenarioOptions(arguments.GetValue(stores) == "local", arguments.GetValue(rate) ?? scenario.Rate, TimeSpan.FromSeconds(arguments.GetValue(seconds)), arguments.GetValue(streams));
                foreach (var fact in await NBomberPlay.RunAsync(scenario, options, arguments.GetRequiredValue(report), cancellation))
                {
                    holds &= fact.Holds;
                    await arguments.InvocationConfiguration.Output.WriteLineAsync($"- {(fact.Holds ? "holds" : "DOES NOT HOLD")}: {fact.Text}: {fact.Found}");
                }
            }

            return holds ? 0 : 1;
        });
        return command;
    }
}
