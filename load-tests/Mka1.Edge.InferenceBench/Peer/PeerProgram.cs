using System.Diagnostics;
using System.Globalization;

namespace Mka1.Edge.InferenceBench.Peer;

/// <summary><c>run</c> or <c>runq</c> of llama2.c, which says itself how fast it was.</summary>
internal sealed class PeerProgram(string directory, string program, string model, int threads)
{
    private const string Marker = "achieved tok/s:";

    /// <summary>Decodes greedily from nothing.</summary>
    /// <returns>Tokens a second, the first one not counted.</returns>
    public async Task<double> RunAsync(int tokens)
    {
        var start = new ProcessStartInfo(Path.Combine(directory, program))
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture) },
        };
        foreach (var argument in new[] { model, "-t", "0", "-n", tokens.ToString(CultureInfo.InvariantCulture), "-z", Path.Combine(directory, "tokenizer.bin") })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEndAsync();
        var said = await process.StandardError.ReadToEndAsync();
        await text;
        await process.WaitForExitAsync();
        var at = said.IndexOf(Marker, StringComparison.Ordinal);
        return process.ExitCode == 0 && at >= 0
            ? double.Parse(said.AsSpan(at + Marker.Length).Trim(), CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {said}");
    }
}
