using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Mka1.Edge.Functional.Tests.Processes;

/// <summary>The local run as a newcomer has it: its own process, known only by what it prints.</summary>
internal sealed partial class LocalProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigKill = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private Task _drain = Task.CompletedTask;

    private LocalProcess(Process process) => _process = process;

    /// <summary>The line that the program offers to paste.</summary>
    public string CurlLine { get; private set; } = "";

    public string Address { get; private set; } = "";

    /// <summary>All it said up to the line to paste.</summary>
    public string Greeting { get; private set; } = "";

    /// <summary>Starts it on a free port and reads its greeting.</summary>
    public static async Task<LocalProcess> StartAsync(params string[] arguments)
    {
        var local = new LocalProcess(Process.Start(new ProcessStartInfo("dotnet", [Program(), "--urls", "http://127.0.0.1:0", .. arguments]) { RedirectStandardOutput = true })!);
        try
        {
            await local.ReadGreetingAsync();
            return local;
        }
        catch
        {
            await local.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> TerminateAsync() => SignalAsync(SigTerm);

    /// <summary>Ends it, and it alone, without leaving it a moment.</summary>
    public Task KillAsync() => SignalAsync(SigKill);

    private async Task<int> SignalAsync(int signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _drain;
        _process.Dispose();
    }

    /// <summary>Runs it with arguments it cannot use.</summary>
    /// <returns>The exit code, all it said, and what of that on standard error.</returns>
    public static async Task<(int ExitCode, string All, string Error)> FailAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Program(), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        await using var end = patience.Token.Register(() => process.Kill(entireProcessTree: true));
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error, await error);
    }

    private async Task ReadGreetingAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (CurlLine.Length == 0)
        {
            var line = await _process.StandardOutput.ReadLineAsync(patience.Token);
            Assert.True(line is not null, "The program ended before its greeting.");
            Greeting += line + "\n";
            if (ReadyLine().Match(line) is { Success: true } ready) Address = ready.Groups["address"].Value;
            if (line.StartsWith("curl ", StringComparison.Ordinal)) CurlLine = line;
        }

        // What it prints from here on is nobody's business, but must not fill the pipe.
        _drain = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }

    /// <summary>The program beside these tests: the same configuration (Debug or Release) of the same checkout.</summary>
    private static string Program()
    {
        var mine = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var output = Path.GetRelativePath(Path.Combine(Root(mine), "tests", "Mka1.Edge.Functional.Tests"), mine);
        return Path.Combine(Root(mine), "deploy", "Mka1.Edge.Local", output, "Mka1.Edge.Local.dll");
    }

    private static string Root(string folder)
    {
        while (!File.Exists(Path.Combine(folder, "Mka1.Edge.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Mka1.Edge.sln lies in no folder above these tests.");
        return folder;
    }

    [GeneratedRegex(@"is ready on (?<address>\S+)")]
    private static partial Regex ReadyLine();
}
