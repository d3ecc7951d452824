using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Mka1.Edge.LoadTests.Measuring;
using Mka1.Edge.LoadTests.Support;
using Mka1.Edge.LoadTests.Upstream;
using Mka1.Edge.Local.Servers;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary>What a scenario runs on: model servers, stores, a gateway in a process of its own, and a client. All on loopback.</summary>
internal sealed class ScenarioBench : IAsyncDisposable
{
    public const string Path = "/api/v1/llm/responses";

    private readonly Stack<IAsyncDisposable> _owned = new();
    private readonly JsonObject _configuration;
    private readonly HttpClient _client;

    private ScenarioBench(ScenarioOptions options, JsonObject configuration, ScriptedModelServer modelServer, GatewayProcess gateway, string key)
    {
        (Options, _configuration, ModelServer, Gateway, Key) = (options, configuration, modelServer, gateway, key);
        _client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 20_000, MaxResponseDrainSize = 0 }) { BaseAddress = new Uri(gateway.Address), Timeout = TimeSpan.FromMinutes(5) };
    }

    public ScenarioOptions Options { get; }

    /// <summary>The model server in this process.</summary>
    public ScriptedModelServer ModelServer { get; }

    /// <summary>Those that can be killed.</summary>
    public List<ServerProcess> KillableModelServers { get; } = [];

    public GatewayProcess Gateway { get; }

    /// <summary>The key of the tenant that has no limits it could reach.</summary>
    public string Key { get; }

    /// <summary>Durations that a scenario measures beside its requests, by name.</summary>
    public ConcurrentDictionary<string, Histogram> Measures { get; } = new();

    /// <summary>When requests began to arrive.</summary>
    public long Began { get; set; }

    /// <summary>A copy of the gateway's configuration, to change.</summary>
    public JsonObject Configuration => (JsonObject)_configuration.DeepClone();

    public static async Task<ScenarioBench> StartAsync(LoadScenario scenario, ScenarioOptions options)
    {
        var owned = new Stack<IAsyncDisposable>();
        try
        {
            var modelServer = await ScriptedModelServer.StartAsync();
            owned.Push(modelServer);
            var servers = options.Stores ? await LocalServers.StartAsync() : null;
            if (servers is not null) owned.Push(servers);
            var key = ApiKeyFormat.Create();
            var killable = new List<(ServerProcess Process, string Address)>();
            for (var i = 0; i < scenario.KillableModelServers; i++)
            {
                var address = $"http://127.0.0.1:{FreePort.Find()}";
                var process = ServerProcess.Start(["dotnet", System.IO.Path.Combine(AppContext.BaseDirectory, "Mka1.Edge.LoadTests.dll"), "upstream", "--urls", address], AppContext.BaseDirectory);
                owned.Push(process);
                killable.Add((process, address));
            }

            var configuration = ScenarioConfiguration.Create(killable.Count == 0 ? [modelServer.Address] : [.. killable.Select(server => server.Address)], key, servers?.Postgres.Configuration, servers?.Redis.Configuration);
            scenario.Configure(configuration, options);
            var gateway = await GatewayProcess.StartAsync(configuration);
            owned.Push(gateway);
            var bench = new ScenarioBench(options, configuration, modelServer, gateway, key);
            foreach (var item in owned.Reverse()) bench._owned.Push(item);
            bench.KillableModelServers.AddRange(killable.Select(server => server.Process));
            return bench;
        }
        catch
        {
            while (owned.TryPop(out var item)) await item.DisposeAsync();
            throw;
        }
    }

    public void Measure(string name, TimeSpan duration) => Measures.GetOrAdd(name, static _ => new Histogram()).Record(duration);

    /// <summary>Sends a request and reads its answer to the end.</summary>
    /// <param name="body">JSON; null for a GET.</param>
    /// <param name="path">Where to.</param>
    /// <param name="key">Null for <see cref="Key"/>.</param>
    /// <param name="endUser">For whom; null for nobody.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<Answer> SendAsync(string? body, string path = Path, string? key = null, string? endUser = null, CancellationToken cancellation = default)
    {
        using var answer = await OpenAsync(body, path, key, endUser, cancellation);
        return new Answer((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellation));
    }

    /// <summary>Sends a request and reads no more than the head of its answer.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string? body, string path = Path, string? key = null, string? endUser = null, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? Key);
        if (endUser is not null) request.Headers.Add("X-On-Behalf-Of", endUser);
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        while (_owned.TryPop(out var item)) await item.DisposeAsync();
    }
}
