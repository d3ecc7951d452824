using System.Diagnostics;

namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>The gateway's executable, run for a command.</summary>
internal static class GatewayCommand
{
    public static async Task<(int Exit, string Said)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [GatewayProcess.Program(), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(Patience.Within(Patience.Long));
        return (process.ExitCode, ((await output) + (await error)).Trim());
    }
}
