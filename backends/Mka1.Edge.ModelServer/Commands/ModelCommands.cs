using System.CommandLine;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.ModelServer.Commands;

/// <summary>What the model server's executable does beside serving.</summary>
internal static class ModelCommands
{
    /// <summary>Whether the arguments name a command; everything else is for the host.</summary>
    public static bool Named(string[] args) => args is [{ } first, ..] && Root().Subcommands.Any(command => command.Name == first);

    /// <summary>Runs the command that the arguments name.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Where the command writes; the console's when null.</param>
    /// <param name="error">Where it says why it did not do what it was asked to.</param>
    /// <returns>The exit status: 0 when it did what it says, 1 when it did not.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter? output = null, TextWriter? error = null)
    {
        error ??= Console.Error;
        try
        {
            return await Root().Parse(args).InvokeAsync(new InvocationConfiguration { Output = output ?? Console.Out, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is ModelFormatException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static RootCommand Root() => new("Mka1.Edge model server") { QuantizeCommand.Create(), EvaluateCommand.Create() };
}
