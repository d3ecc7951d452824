using System.CommandLine;
using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Gateway.Commands;

/// <summary><c>config validate|diff</c>: what is wrong with a configuration file, and what one would change of another.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The configuration file." };
        var validate = new Command("validate", "Tells every fault of a configuration file at once.") { file };
        validate.SetAction(parsed =>
        {
            // Throws all faults, which the executable writes.
            var config = Read(parsed.GetValue(file)!);
            parsed.InvocationConfiguration.Output.WriteLine(
                $"{parsed.GetValue(file)} is sound: {config.Pools.Count} pools, {config.Families.Count} families, {config.Tenants.Count} tenants.");
            return 0;
        });

        var old = new Argument<string>("old") { Description = "The file in use." };
        var now = new Argument<string>("new") { Description = "The file to be used." };
        var diff = new Command("diff", "Tells what a new configuration file changes, routing above all.") { old, now };
        diff.SetAction(parsed =>
        {
            var changes = ConfigChanges.Between(Read(parsed.GetValue(old)!), Read(parsed.GetValue(now)!));
            foreach (var change in changes) parsed.InvocationConfiguration.Output.WriteLine(change);
            if (changes.Count == 0) parsed.InvocationConfiguration.Output.WriteLine("Nothing changes.");
            return 0;
        });
        return new Command("config", "Configuration files: check one, or compare two.") { validate, diff };
    }

    private static EdgeConfig Read(string path)
    {
        var config = EdgeConfigFile.Read(path);
        EdgeSnapshot.Build(config);
        return config;
    }
}
