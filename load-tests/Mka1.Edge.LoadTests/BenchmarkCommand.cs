using System.CommandLine;
using Mka1.Edge.LoadTests.Balancing;
using Mka1.Edge.LoadTests.Quota;
using Mka1.Edge.LoadTests.Routing;
using Mka1.Edge.LoadTests.State;

namespace Mka1.Edge.LoadTests;

/// <summary><c>benchmark NAME</c>: one part of the gateway measured against itself.</summary>
internal static class BenchmarkCommand
{
    private static readonly Dictionary<string, Func<LoadOptions, TextWriter, Task>> Benchmarks = new()
    {
        ["state"] = StateBenchmark.RunAsync,
        ["quota-outage"] = QuotaOutageBenchmark.RunAsync,
        ["classifier"] = ClassifierBenchmark.RunAsync,
        ["balancing"] = BalancingBenchmark.RunAsync,
    };

    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = string.Join(", ", Benchmarks.Keys) }.AcceptOnlyFromAmong([.. Benchmarks.Keys]);
        var stores = new Option<string>("--stores") { Description = "local: private Redis and Postgres; memory: none.", DefaultValueFactory = _ => "local" }.AcceptOnlyFromAmong("local", "memory");
        var rounds = Number("--rounds", 5, 1, 100, "Interleaved rounds of each kind.");
        var seconds = Number("--seconds", 4, 1, 600, "Seconds of one round.");
        var clients = Number("--clients", 32, 1, 512, "Requests in flight.");
        var streams = Number("--streams", 5000, 1, 9000, "Idle streams held open.");
        var rate = Number("--rate", 200, 1, 5000, "Requests a second, whatever becomes of them.");
        var prompts = new Option<string?>("--prompts") { Description = "A file of {\"prompt\":…} lines; left out: made-up ones." };
        var command = new Command("benchmark", "One part of the gateway measured against itself.") { name, stores, rounds, seconds, clients, streams, rate, prompts };
        command.SetAction((arguments, _) => Benchmarks[arguments.GetRequiredValue(name)](
            new LoadOptions(
                arguments.GetRequiredValue(stores), arguments.GetValue(rounds), arguments.GetValue(seconds), arguments.GetValue(clients), arguments.GetValue(streams), arguments.GetValue(rate), arguments.GetValue(prompts)),
            arguments.InvocationConfiguration.Output));
        return command;
    }

    private static Option<int> Number(string name, int standard, int min, int max, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < min || value > max)) result.AddError($"{name} {value}: a number from {min} to {max} is expected.");
        });
        return option;
    }
}
