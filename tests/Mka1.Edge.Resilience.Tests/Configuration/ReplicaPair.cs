using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Resilience.Tests.Support;

namespace Mka1.Edge.Resilience.Tests.Configuration;

/// <summary>Two gateway processes that follow one file, in front of two model servers, and their operator.</summary>
internal sealed class ReplicaPair : IAsyncDisposable
{
    private const string AdminUrl = "EDGE_TEST_ADMIN_URL";
    private const string AdminKey = "operators-key-of-the-test";

    private readonly string _key = ApiKeyFormat.Create();
    private readonly List<GatewayProcess> _started = [];
    private readonly GatewayProcess[] _replicas = new GatewayProcess[2];
    private readonly HttpClient[] _operators = new HttpClient[2];
    private readonly int[] _ports = [LowPort.Find(), LowPort.Find()];
    private readonly int[] _adminPorts = [LowPort.Find(), LowPort.Find()];
    private readonly List<PacedModelServer> _models = [];

    public ConfigFolder File { get; } = new();

    public GatewayProcess this[int replica] => _replicas[replica];

    public int Count => _replicas.Length;

    /// <summary>What both have logged.</summary>
    public string Log => string.Join('\n', _started.Select(replica => $"== {replica}\n{replica.Log}"));

    public static async Task<ReplicaPair> StartAsync(bool watch = true)
    {
        var pair = new ReplicaPair();
        for (var i = 0; i < 2; i++) pair._models.Add(await PacedModelServer.StartAsync());
        pair.File.Rename(pair.Text(0, watch));
        for (var i = 0; i < pair.Count; i++)
        {
            pair._operators[i] = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{pair._adminPorts[i]}"), Timeout = Patience.Long };
            pair._operators[i].DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
            pair.Start(i);
        }

        for (var i = 0; i < pair.Count; i++) await pair.ReadyAsync(i);
        return pair;
    }

    /// <summary>Starts a replica, or starts it again once it has ended.</summary>
    public void Start(int replica)
    {
        var environment = new Dictionary<string, string> { [AdminUrl] = $"http://127.0.0.1:{_adminPorts[replica]}" };
        _replicas[replica] = GatewayProcess.Start(File.Path, _ports[replica], _key, environment);
        _started.Add(_replicas[replica]);
    }

    public Task ReadyAsync(int replica) => Patience.UntilAsync(async () => await _replicas[replica].ReadinessAsync() == Cluster.Ready, $"replica {replica} is ready");

    /// <summary>How a replica stands with its configuration.</summary>
    public async Task<JsonElement> StatusAsync(int replica)
    {
        using var json = JsonDocument.Parse(await _operators[replica].GetStringAsync("/admin/v1/config/status"));
        return json.RootElement.Clone();
    }

    /// <summary>
    /// A configuration for every number: each has a pool of its own and none of the one before, with other servers, weights and drains,
    /// and other limits, targets and shares of a canary.
    /// </summary>
    public string Text(int number, bool watch = true) => JsonSerializer.Serialize(new
    {
        pools = new Dictionary<string, object>
        {
            ["steady"] = Pool(new() { ["one"] = Server(0, 1 + (number % 5)) }),
            [PoolOf(number)] = Pool(number % 3 == 0
                ? new() { ["two"] = Server(1, 1) }
                : new() { ["one"] = Server(0, 1 + (number % 5)), ["two"] = Server(1, 5 - (number % 5), drain: number % 4 == 1) }),
        },
        families = new Dictionary<string, object>
        {
            ["mka1-mini"] = new
            {
                @default = "dense",
                variants = new Dictionary<string, object>
                {
                    ["dense"] = new { model = "mka1-mini-dense", pool = PoolOf(number), contextWindow = 4096 + number, canary = new { pool = "steady", percent = number % 5 * 10 } },
                    ["quantized"] = new { model = "mka1-mini-quantized", pool = "steady" },
                },
            },
        },
        tenants = new { acme = new { keys = new { main = new { hash = ApiKeyFormat.HashText(_key), concurrency = 5000 + number, requests = new[] { new { window = "second", limit = 10000 + number } } } } } },
        routing = new { targetCost = 1.5 + (number * 0.01) },
        limits = new { keepAliveSeconds = 5 + (number % 7) },
        reload = new { watch },
        admin = new { url = $"${{{AdminUrl}}}", keyHash = ApiKeyFormat.HashText(AdminKey) },
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _started) await replica.DisposeAsync();
        foreach (var client in _operators) client.Dispose();
        foreach (var model in _models) await model.DisposeAsync();
        File.Dispose();
    }

    public static string PoolOf(int number) => string.Create(CultureInfo.InvariantCulture, $"pool-{number}");

    /// <summary>Without probes, and with patience: that a full machine answers late is not what these tests are about.</summary>
    private static object Pool(Dictionary<string, object> servers) => new
    {
        path = "/x/v1/responses", connectTimeoutSeconds = 30, destinations = servers, health = new { active = new { enabled = false } },
    };

    private object Server(int model, int weight, bool drain = false) => new { address = _models[model].Address, apiKey = $"key-{weight}", weight, drain };
}
