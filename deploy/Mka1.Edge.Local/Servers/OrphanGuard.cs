using System.Diagnostics;

namespace Mka1.Edge.Local.Servers;

/// <summary>
/// Stops the private servers and deletes their data when this process ends without doing so itself, however that came about:
/// a shell in a session of its own that waits for the pipe to this process to close.
/// </summary>
internal sealed class OrphanGuard : IAsyncDisposable
{
    private const string Done = "done";

    private const string Script =
        $$"""
        pids=
        while read -r word; do
            [ "$word" != {{Done}} ] || exit 0
            pids="$pids $word"
        done
        for pid in $pids; do kill -INT "$pid" 2>/dev/null; done
        for try in 1 2 3 4 5 6 7 8 9 10; do
            sleep 0.3
            left=
            for pid in $pids; do if kill -0 "$pid" 2>/dev/null; then left="$left $pid"; fi; done
            [ -n "$left" ] || break
        done
        for pid in $left; do kill -KILL "$pid" 2>/dev/null; done
        rm -rf "$1"
        """;

    private readonly Process _shell;

    /// <param name="folder">What to delete.</param>
    public OrphanGuard(string folder) =>
        _shell = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Script, "sh", folder]) { RedirectStandardInput = true })!;

    public void Watch(int processId)
    {
        lock (_shell)
        {
            _shell.StandardInput.WriteLine(processId);
            _shell.StandardInput.Flush();
        }
    }

    /// <summary>Nothing is left to guard.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _shell.StandardInput.WriteLineAsync(Done);
            _shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // Somebody has ended the shell.
        }

        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }
}
