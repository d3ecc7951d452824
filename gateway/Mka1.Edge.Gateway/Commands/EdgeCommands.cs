using System.CommandLine;

namespace Mka1.Edge.Gateway.Commands;

/// <summary>What the gateway's executable does beside serving: commands for operators.</summary>
internal static class EdgeCommands
{
    /// <summary>Whether the arguments name a command; everything else is for the host.</summary>
    /// <remarks>A start that names none should not wait for the making of all.</remarks>
    public static bool Named(string[] args) => args is [{ } first, ..] && !first.StartsWith('-') && Root().Subcommands.Any(command => command.Name == first);

    /// <summary>Runs the command that the arguments name.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Where the command writes; the console's when null.</param>
    /// <param name="error">Where it says why it did not do what it was asked to.</param>
    /// <returns>The exit status: 0 when it did what it says, 1 when it did not.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter? output = null, TextWriter? error = null) =>
        Root().Parse(args).InvokeAsync(new InvocationConfiguration { Output = output ?? Console.Out, Error = error ?? Console.Error, EnableDefaultExceptionHandler = false });

    private static RootCommand Root() => new("Mka1.Edge gateway") { ConfigCommand.Create(), HealthCommand.Create(), KeysCommand.Create(), RoutingCommand.Create(), SafetyCommand.Create() };
}
