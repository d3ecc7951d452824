using System.Diagnostics;
using System.Globalization;

namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>What an operator, a kernel short of memory or a power cut does to a process.</summary>
internal static class Signals
{
    public static Task KillAsync(params int[] processes) => SendAsync("KILL", processes);

    public static Task TerminateAsync(int process) => SendAsync("TERM", process);

    public static Task HangUpAsync(int process) => SendAsync("HUP", process);

    /// <summary>The process stands still, with all its connections open.</summary>
    public static Task StopAsync(params int[] processes) => SendAsync("STOP", processes);

    public static Task ContinueAsync(params int[] processes) => SendAsync("CONT", processes);

    /// <summary>A process and the processes it has started itself.</summary>
    public static int[] FamilyOf(int process) => [process, .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => ParentOf(name!) == process).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))];

    private static async Task SendAsync(string signal, params int[] processes)
    {
        // One that has ended meanwhile is no reason to complain.
        var ids = processes.Select(id => id.ToString(CultureInfo.InvariantCulture));
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", .. ids]) { RedirectStandardError = true })!;
        await kill.StandardError.ReadToEndAsync();
        await kill.WaitForExitAsync();
    }

    private static int ParentOf(string process)
    {
        if (!int.TryParse(process, CultureInfo.InvariantCulture, out _)) return 0;
        try
        {
            // After the program's name in brackets: state, parent.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
