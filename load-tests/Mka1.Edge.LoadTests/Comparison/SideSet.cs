using System.Globalization;
using System.Net;
using Mka1.Edge.LoadTests.Support;
using Mka1.Edge.LoadTests.Wire;
using Mka1.Edge.Local.Servers;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.LoadTests.Comparison;

/// <summary>The sides of a comparison, each with processes of its own, and the model server behind them all.</summary>
internal sealed class SideSet : IAsyncDisposable
{
    private const int EndUsers = 64;
    private const int EventsAroundDeltas = 8;
    private const string EdgePath = "/api/v1/llm/responses";
    private const string UpstreamPath = "/v1/responses";

    private readonly ComparisonOptions _options;
    private readonly string _folder = Directory.CreateTempSubdirectory("mka1-edge-compare-").FullName;
    private readonly OrphanGuard _guard;
    private readonly Stack<IAsyncDisposable> _owned = new();
    private readonly int _upstreamPort = FreePort.Find();

    private SideSet(ComparisonOptions options)
    {
        _options = options;
        _guard = new OrphanGuard(_folder);
    }

    public List<Side> Sides { get; } = [];

    private string Upstream => $"http://127.0.0.1:{_upstreamPort}";

    public static async Task<SideSet> StartAsync(ComparisonOptions options)
    {
        var set = new SideSet(options);
        try
        {
            set.Run(["dotnet", Program("Mka1.Edge.LoadTests.dll"), "upstream", "--urls", set.Upstream]);
            foreach (var name in SideNames.All.Where(name => name == SideNames.Direct || options.Sides.Contains(name))) set.Sides.Add(await set.StartAsync(name));
            foreach (var side in set.Sides) await side.CheckAsync(options.Deltas + EventsAroundDeltas);
            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var owned)) await owned.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        await _guard.DisposeAsync();
    }

    private async Task<Side> StartAsync(string name)
    {
        switch (name)
        {
            case SideNames.Direct:
                return Create(name, _upstreamPort, null, UpstreamPath);
            case SideNames.Nginx:
                var nginx = FreePort.Find();
                await File.WriteAllTextAsync(Path.Combine(_folder, "nginx.conf"), NginxConfiguration.Create(_folder, nginx, _upstreamPort));
                return Create(name, nginx, Run(["nginx", "-e", Path.Combine(_folder, "nginx.log"), "-c", Path.Combine(_folder, "nginx.conf")], stopSignal: "QUIT"), EdgePath);
            case SideNames.Yarp:
                var yarp = FreePort.Find();
                return Create(name, yarp, Run(["env", "DOTNET_gcServer=0", "dotnet", Program("Mka1.Edge.PlainYarp.dll"), "--upstream", Upstream, "--urls", $"http://127.0.0.1:{yarp}"]), EdgePath);
            case SideNames.Portkey:
                var portkey = FreePort.Find();
                var script = Path.Combine(_options.Portkey ?? throw new ArgumentException("--portkey: the folder with Portkey is needed."), "node_modules", "@portkey-ai", "gateway", "build", "start-server.js");
                var process = Run(["env", "NODE_ENV=production", "node", script, "--headless", $"--port={portkey.ToString(CultureInfo.InvariantCulture)}"]);
                return Create(name, portkey, process, UpstreamPath, ("x-portkey-provider", "openai"), ("x-portkey-custom-host", Upstream + "/v1"), ("Authorization", "Bearer none"));
            default:
                return await StartEdgeAsync(name);
        }
    }

    private async Task<Side> StartEdgeAsync(string name)
    {
        var stored = name == SideNames.EdgeStored;
        var servers = stored ? await LocalServers.StartAsync() : null;
        if (servers is not null) _owned.Push(servers);
        var key = ApiKeyFormat.Create();
        var gateway = await GatewayProcess.StartAsync(EdgeConfiguration.Create(Upstream, key, servers?.Postgres.Configuration, servers?.Redis.Configuration), _options.EdgeProgram);
        _owned.Push(gateway);
        return Create(name, new Uri(gateway.Address).Port, gateway.Id, EdgePath, ("Authorization", "Bearer " + key));
    }

    /// <summary>The same body for all, but for what a side is to store.</summary>
    private Side Create(string name, int port, int? process, string path, params (string Name, string Value)[] headers)
    {
        var store = name == SideNames.EdgeStored ? "true" : "false";
        return new Side(name, new IPEndPoint(IPAddress.Loopback, port), process, Requests("false"), Requests("true"));

        List<byte[]> Requests(string stream) => [.. Enumerable.Range(0, EndUsers).Select(user => WireRequest.Post(
            path,
            [.. headers.Select(header => KeyValuePair.Create(header.Name, header.Value)), KeyValuePair.Create("X-On-Behalf-Of", $"user-{user}")],
            $$"""{"model":"m","input":"The queue of the payment service grew for 40 minutes while workers restarted; which of the changes made it worse, and why? script(deltas={{_options.Deltas}} itt={{_options.InterTokenTime}})","max_output_tokens":256,"auto_routing":true,"store":{{store}},"stream":{{stream}}}"""))];
    }

    private int Run(IReadOnlyList<string> command, string stopSignal = "TERM")
    {
        var process = ServerProcess.Start(command, _folder, stopSignal: stopSignal);
        _owned.Push(process);
        _guard.Watch(process.Id);
        return process.Id;
    }

    private static string Program(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
