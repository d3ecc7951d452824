using System.CommandLine;
using Mka1.Edge.LoadTests.Scenarios;

namespace Mka1.Edge.LoadTests.Running;

/// <summary><c>scenario NAME…</c> and <c>list</c>.</summary>
internal static class ScenarioCommand
{
    private const string Everything = "all";

    public static Command Create()
    {
        var names = new Argument<string[]>("names") { Description = $"Which, or {Everything}.", Arity = ArgumentArity.OneOrMore }.AcceptOnlyFromAmong([Everything, .. ScenarioList.All().Select(scenario => scenario.Name)]);
        var rate = new Option<double?>("--rate") { Description = "Arrivals a second; left out: what the scenario says." };
        var seconds = new Option<double>("--seconds") { Description = "How long they arrive.", DefaultValueFactory = _ => 20 };
        var stores = new Option<string>("--stores") { Description = "local: private Redis and Postgres; memory: none.", DefaultValueFactory = _ => "memory" }.AcceptOnlyFromAmong("local", "memory");
        var streams = new Option<int>("--streams") { Description = "Idle streams held open: two descriptors each, in the gateway and in the client.", DefaultValueFactory = _ => 2000 };
        var report = new Option<string?>("--report") { Description = "Folder for NAME.md and NAME.json." };
        var command = new Command("scenario", "Plays scenarios in an open loop and says what holds; the exit status is 1 if something does not.") { names, rate, seconds, stores, streams, report };
        command.SetAction((arguments, cancellation) => RunAsync(
            arguments.GetRequiredValue(names),
            scenario => new ScenarioOptions(arguments.GetValue(stores) == "local", arguments.GetValue(rate) ?? scenario.Rate, TimeSpan.FromSeconds(arguments.GetValue(seconds)), arguments.GetValue(streams)),
            arguments.GetValue(report), arguments.InvocationConfiguration.Output, cancellation));
        return command;
    }

    public static Command CreateList()
    {
        var command = new Command("list", "The scenarios, and what happens in each.");
        command.SetAction(async (arguments, _) =>
        {
            foreach (var scenario in ScenarioList.All()) await arguments.InvocationConfiguration.Output.WriteLineAsync($"{scenario.Name,-20} {scenario.Summary}");
        });
        return command;
    }

    private static async Task<int> RunAsync(string[] names, Func<LoadScenario, ScenarioOptions> options, string? folder, TextWriter output, CancellationToken cancellation)
    {
        var holds = true;
        foreach (var name in names.Contains(Everything) ? ScenarioList.All().Select(scenario => scenario.Name) : names)
        {
            var scenario = ScenarioList.Find(name);
            var report = await ScenarioRunner.RunAsync(scenario, options(scenario), output, cancellation);
            holds &= report.Holds;
            var markdown = ReportWriter.Markdown(report);
            await output.WriteLineAsync();
            await output.WriteLineAsync(markdown);
            if (folder is null) continue;
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, name + ".md"), markdown, cancellation);
            await File.WriteAllTextAsync(Path.Combine(folder, name + ".json"), ReportWriter.Json(report), cancellation);
        }

        return holds ? 0 : 1;
    }
}
