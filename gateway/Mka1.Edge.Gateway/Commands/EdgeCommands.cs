using System.CommandLine;

namespace Mka1.Edge.Gateway.Commands;

/// <summary>What the gateway's executable does beside serving: commands for operators.</summary>
internal static class EdgeCommands
{
    /// <summary>Whether the arguments name a command; everything else is for the host.</summary>
    public static bool Named(string[] args) => args is [{ } first, ..] && Root().Subcommands.Any(command => command.Name == first);

    /// <summary>Runs the command that the arguments name.</summary>
    /// <returns>The exit status: 0 when it did what it says, 1 when it did not.</returns>
    public static Task<int> RunAsync(string[] args) => Root().Parse(args).InvokeAsync();

    private static RootCommand Root() => new("Mka1.Edge gateway") { RoutingCommand.Create() };
}
