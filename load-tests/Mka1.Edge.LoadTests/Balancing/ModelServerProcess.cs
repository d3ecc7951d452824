using System.Diagnostics;
using System.Globalization;
using Mka1.Edge.Local.Servers;

namespace Mka1.Edge.LoadTests.Balancing;

/// <summary>A real model server with the demo family's weights, as a process of its own.</summary>
internal sealed class ModelServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ModelServerProcess(Process process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    /// <summary>Starts one; complete when it takes work.</summary>
    /// <param name="places">Answers it decodes at once: what makes one server smaller than another.</param>
    public static async Task<ModelServerProcess> StartAsync(int places)
    {
        var address = $"http://127.0.0.1:{FreePort.Find()}/";
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "Mka1.Edge.ModelServer.dll"), "--model", Weights(), "--name", "m", "--threads", "1", "--warmup", "--urls", address,
            "--ModelServer:MaxConcurrentRequests", places.ToString(CultureInfo.InvariantCulture), "--ModelServer:MaxQueuedRequests", "1000",
        ];
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            Environment = { ["Logging__LogLevel__Default"] = "Warning", ["DOTNET_gcServer"] = "0" },
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var server = new ModelServerProcess(process, address);
        await server.ReadyAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Weights()
    {
        var root = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        while (!File.Exists(Path.Combine(root, "Mka1.Edge.sln"))) root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("Mka1.Edge.sln lies in no folder above.");
        return Path.Combine(root, "backends", "models", "mka1-mini-quantized");
    }

    private async Task ReadyAsync()
    {
        using var http = new HttpClient();
        for (var i = 0; i < 600; i++)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Address + "health"));
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException) when (!_process.HasExited)
            {
                await Task.Delay(100);
            }
        }

        throw new InvalidOperationException("A model server did not become ready.");
    }
}
