using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Mka1.Edge.Deployment.Tests.Support;

/// <summary>The gateway's executable in a process of its own, as it was built beside these tests; known by what it prints.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
    }

    public string Address => _address.Task.Result;

    /// <summary>What it printed.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>Starts it on a free port; complete when it listens.</summary>
    public static async Task<GatewayProcess> StartAsync(string config)
    {
        var output = Path.GetRelativePath(Checkout.At("tests/Mka1.Edge.Deployment.Tests"), AppContext.BaseDirectory);
        var program = Path.Combine(Checkout.At("gateway/Mka1.Edge.Gateway"), output, "Mka1.Edge.Gateway.dll");
        var gateway = new GatewayProcess(new ProcessStartInfo("dotnet", [program, "--config", config, "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true });
        try
        {
            await gateway._address.Task.WaitAsync(Patience);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks it to stop, and waits until it has and all it printed is here.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null) return;
        _lines.Enqueue(line);
        if (Listens().Match(line) is { Success: true } listens) _address.TrySetResult(listens.Groups["address"].Value);
    }

    [GeneratedRegex("Now listening on: (?<address>http://[0-9.:]+)")]
    private static partial Regex Listens();
}
