using System.CommandLine;

namespace Mka1.Edge.LoadTests.Comparison;

/// <summary><c>compare</c>: Mka1.Edge beside other gateways and proxies. load-tests/compare.sh installs what it needs and calls it.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var sides = new Option<string>("--sides") { Description = $"Which take part, with commas between; {SideNames.Direct} always does.", DefaultValueFactory = _ => string.Join(',', SideNames.All) };
        var rounds = new Option<int>("--rounds") { Description = "Interleaved rounds of each kind of load.", DefaultValueFactory = _ => 5 };
        var seconds = new Option<int>("--seconds") { Description = "Seconds a side is loaded for in a round.", DefaultValueFactory = _ => 5 };
        var connections = new Option<int>("--connections") { Description = "Requests in flight.", DefaultValueFactory = _ => 32 };
        var deltas = new Option<int>("--deltas") { Description = "Deltas of a stream.", DefaultValueFactory = _ => 64 };
        var interTokenTime = new Option<int>("--itt") { Description = "Milliseconds between two deltas of a stream.", DefaultValueFactory = _ => 0 };
        var rate = new Option<double?>("--rate") { Description = "Requests a second of the open loop; left out: 20 % of what Mka1.Edge can take." };
        var program = new Option<string?>("--edge-program") { Description = "The gateway, as an assembly or an executable file; left out: the one built along with this." };
        var portkey = new Option<string?>("--portkey") { Description = "Folder into which Portkey has been installed." };
        var results = new Option<string?>("--results") { Description = "File for the report." };
        var versions = new Option<string>("--versions") { Description = "Versions, for the report.", DefaultValueFactory = _ => "" };
        var called = new Option<string>("--called") { Description = "How this was called, for the report.", DefaultValueFactory = _ => "compare" };
        var command = new Command("compare", "Mka1.Edge beside direct, nginx, plain YARP and Portkey.") { sides, rounds, seconds, connections, deltas, interTokenTime, rate, program, portkey, results, versions, called };
        command.SetAction((arguments, _) => RunAsync(
            new ComparisonOptions(
                Sides(arguments.GetRequiredValue(sides)),
                arguments.GetValue(rounds), arguments.GetValue(seconds), arguments.GetValue(connections), arguments.GetValue(deltas), arguments.GetValue(interTokenTime), arguments.GetValue(rate),
                arguments.GetValue(program), arguments.GetValue(portkey), arguments.GetValue(results), arguments.GetRequiredValue(called), arguments.GetRequiredValue(versions)),
            arguments.InvocationConfiguration.Output));
        return command;
    }

    private static string[] Sides(string text)
    {
        var sides = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return sides.Except(SideNames.All).ToList() is { Count: > 0 } unknown
            ? throw new ArgumentException($"--sides: {string.Join(", ", unknown)}: {string.Join(", ", SideNames.All)} are known.")
            : sides;
    }

    private static async Task<int> RunAsync(ComparisonOptions options, TextWriter output)
    {
        await using var set = await SideSet.StartAsync(options);
        var result = await new ComparisonRun(options, set, output).RunAsync();
        var report = ComparisonReport.Write(result);
        await output.WriteLineAsync();
        await output.WriteAsync(report);
        if (options.Results is { } path)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            await File.WriteAllTextAsync(path, report);
        }

        return result.Failures == 0 ? 0 : 1;
    }
}
