using System.Diagnostics;
using System.Globalization;

namespace Mka1.Edge.Local.Servers;

/// <summary>
/// A program in a session of its own, so that Ctrl+C in the terminal reaches the gateways only: they need the servers until
/// they have drained.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int KeptLines = 20;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly string _stopSignal;
    private readonly Queue<string> _lines = new();

    private ServerProcess(Process process, string stopSignal)
    {
        _process = process;
        _stopSignal = stopSignal;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The last it said, for whoever must know why it ended.</summary>
    public string LastWords
    {
        get
        {
            lock (_lines) return string.Join(Environment.NewLine, _lines);
        }
    }

    /// <summary>Starts a program. setsid and setpriv replace themselves by it, so that its process id is the one known here.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="input">What it reads from its standard input.</param>
    /// <param name="stopSignal">The signal that makes it stop in good order.</param>
    public static ServerProcess Start(IEnumerable<string> command, string folder, string input = "", string stopSignal = "TERM")
    {
        var process = Process.Start(new ProcessStartInfo("setsid", command)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var server = new ServerProcess(process, stopSignal);
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already; whoever waits for it finds that out.
        }

        return server;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="LocalRunException">It failed.</exception>
    public static async Task RunAsync(IReadOnlyList<string> command, string folder, CancellationToken cancellation)
    {
        await using var process = Start(command, folder);
        await process._process.WaitForExitAsync(cancellation);
        if (process._process.ExitCode != 0)
            throw new LocalRunException($"{Path.GetFileName(command[0])} failed: {process.LastWords}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", [$"-{_stopSignal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            using var patience = new CancellationTokenSource(StopPatience);
            await using var end = patience.Token.Register(_process.Kill);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > KeptLines) _lines.Dequeue();
        }
    }
}
