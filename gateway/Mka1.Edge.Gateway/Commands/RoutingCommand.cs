using System.CommandLine;

namespace Mka1.Edge.Gateway.Commands;

/// <summary><c>routing</c>: explain a decision, score a file of prompts, train the weights.</summary>
internal static class RoutingCommand
{
    public static Command Create() => new("routing", "auto_routing: explain a decision, score prompts, train the weights.")
    {
        RoutingExplain.Create(),
        RoutingScore.Create(),
        RoutingTrain.Create(),
    };

    /// <summary>The option that names a weights file.</summary>
    public static Option<FileInfo?> WeightsOption() => new("--weights") { Description = "The weights file; left out: those of this release." };

    /// <summary>Runs a command's body; what is wrong with the input ends as one line on standard error.</summary>
    public static async Task<int> GuardAsync(Func<Task> body)
    {
        try
        {
            await body();
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or Policies.Routing.Learned.RoutingWeightsException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
