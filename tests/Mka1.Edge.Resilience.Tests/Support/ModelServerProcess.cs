using System.Diagnostics;
using System.Globalization;
using Mka1.Edge.Local.Servers;

namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>A model server as a process of its own, with the demo family's weights.</summary>
internal sealed class ModelServerProcess : IAsyncDisposable
{
    private readonly int _port = FreePort.Find();
    private readonly HttpClient _client = new() { Timeout = Patience.Long };
    private Process? _process;

    public string Address => $"http://127.0.0.1:{_port}/";

    public int Id => _process!.Id;

    /// <summary>Starts one; complete when it takes work.</summary>
    public static async Task<ModelServerProcess> StartNewAsync()
    {
        var server = new ModelServerProcess();
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it, again if need be; complete when it takes work.</summary>
    public async Task StartAsync()
    {
        var gateway = GatewayProcess.Program();
        var program = gateway.Replace("Mka1.Edge.Gateway.dll", "Mka1.Edge.ModelServer.dll", StringComparison.Ordinal)
            .Replace(Path.Combine("gateway", "Mka1.Edge.Gateway"), Path.Combine("backends", "Mka1.Edge.ModelServer"), StringComparison.Ordinal);
        var root = program[..program.IndexOf(Path.Combine("backends", "Mka1.Edge.ModelServer"), StringComparison.Ordinal)];
        var start = new ProcessStartInfo("dotnet", [program, "--model", Path.Combine(root, "backends", "models", "mka1-mini-quantized"), "--name", "m", "--threads", "1", "--urls", Address])
        {
            RedirectStandardOutput = true,
            Environment = { ["Logging__LogLevel__Default"] = "Warning", ["DOTNET_gcServer"] = "0" },
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        await Patience.UntilAsync(AnswersAsync, "a model server that answers");
    }

    /// <summary>Ends it without leaving it a moment.</summary>
    public async Task KillAsync()
    {
        if (_process is null || _process.HasExited) return;
        await Signals.KillAsync(Id);
        await _process.WaitForExitAsync();
    }

    /// <summary>A counter of its metrics, summed over its labels.</summary>
    public async Task<double> CountAsync(string metric) =>
        (await _client.GetStringAsync(new Uri(Address + "metrics"))).Split('\n')
            .Where(line => line.StartsWith(metric, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _client.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri(Address + "health"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
