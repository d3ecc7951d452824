using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mka1.Edge.Local.Servers;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.LoadTests.Support;

/// <summary>A gateway in a process of its own, so that its memory and time are its own.</summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private const string ConfigName = "edge.json";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    private readonly Process _process;
    private readonly string _folder;
    private readonly OrphanGuard _guard;

    private GatewayProcess(Process process, string folder, string address)
    {
        (_process, _folder, Address) = (process, folder, address);
        _guard = new OrphanGuard(folder);
        _guard.Watch(process.Id);
    }

    public string Address { get; }

    public int Id => _process.Id;

    /// <summary>Writes another configuration into its file, which it follows; one rename, so that no half of it is ever read.</summary>
    public async Task ConfigureAsync(JsonObject configuration)
    {
        var next = Path.Combine(_folder, "next.json");
        await File.WriteAllTextAsync(next, configuration.ToJsonString(Readable));
        File.Move(next, Path.Combine(_folder, ConfigName), overwrite: true);
    }

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
        }
    }

    /// <summary>Processor time used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a gateway in front of one model server, with one key and its limits; complete when it is ready.</summary>
    public static Task<GatewayProcess> StartAsync(string modelServer, string key, string? postgres, string? redis, JsonObject? limits = null) =>
        StartAsync(Config(modelServer, key, postgres, redis, limits ?? []));

    /// <summary>Starts a gateway with a configuration; complete when it is ready.</summary>
    /// <param name="configuration">What its file says.</param>
    /// <param name="program">The gateway, as an assembly or an executable file; null for the one built along with this.</param>
    public static async Task<GatewayProcess> StartAsync(JsonObject configuration, string? program = null)
    {
        var folder = Directory.CreateTempSubdirectory("mka1-edge-load-").FullName;
        var config = Path.Combine(folder, ConfigName);
        await File.WriteAllTextAsync(config, configuration.ToJsonString(Readable));
        var address = $"http://127.0.0.1:{FreePort()}";
        program ??= Path.Combine(AppContext.BaseDirectory, "Mka1.Edge.Gateway.dll");
        string[] arguments = ["--config", config, "--urls", address];
        var managed = Path.GetExtension(program) == ".dll";
        var start = new ProcessStartInfo(managed ? "dotnet" : program, managed ? [program, .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
            Environment = { ["Logging__LogLevel__Default"] = "Warning", ["DOTNET_gcServer"] = "0" },
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var gateway = new GatewayProcess(process, folder, address);
        try
        {
            await gateway.ReadyAsync();
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
        await _guard.DisposeAsync();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static JsonObject Config(string modelServer, string key, string? postgres, string? redis, JsonObject limits) => new JsonObject
    {
        ["pools"] = new JsonObject { ["p"] = new JsonObject { ["destinations"] = new JsonObject { ["one"] = new JsonObject { ["address"] = modelServer + "/" } } } },
        ["families"] = new JsonObject
        {
            ["m"] = new JsonObject { ["default"] = "dense", ["variants"] = new JsonObject { ["dense"] = new JsonObject { ["model"] = "m-dense", ["pool"] = "p" } } },
        },
        ["tenants"] = new JsonObject { ["t"] = new JsonObject { ["keys"] = new JsonObject { ["k"] = Key(key, limits) } } },
        ["stores"] = new JsonObject { ["postgres"] = postgres, ["redis"] = redis },
    };

    private static JsonObject Key(string key, JsonObject limits)
    {
        limits["hash"] = ApiKeyFormat.HashText(key);
        return limits;
    }

    private async Task ReadyAsync()
    {
        using var http = new HttpClient();
        for (var i = 0; i < 300; i++)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri($"{Address}/readyz"));
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException) when (!_process.HasExited)
            {
                await Task.Delay(100);
            }
        }

        throw new InvalidOperationException("The gateway did not become ready.");
    }
}
