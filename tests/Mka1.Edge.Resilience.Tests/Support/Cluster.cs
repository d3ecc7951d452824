using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Local.Servers;
using Mka1.Edge.Policies.Identity;
using System.Text.Json;

namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>Gateways, two unless said otherwise, each a process of its own, that share a Redis and a Postgres, in front of one model server.</summary>
public class Cluster : IAsyncLifetime
{
    private static readonly string[] AllNames = ["a", "b", "c"];

    private readonly string _key = ApiKeyFormat.Create();
    private readonly GatewayProcess?[] _replicas;
    private readonly List<GatewayProcess> _started = [];
    private LocalServers _servers = null!;

    public Cluster()
        : this(2)
    {
    }

    protected Cluster(int replicas) => _replicas = new GatewayProcess?[replicas];

    /// <summary>Time without a sign of life after which the other replica takes over: more than a replica goes without a processor on a full machine.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Time without a renewal after which what a replica had set aside comes free.</summary>
    public static TimeSpan QuotaLease { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Time for which a stored stream goes on without readers.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(3);

    /// <summary>Time a running background response gets at shutdown.</summary>
    public static TimeSpan BackgroundDrain { get; } = TimeSpan.FromSeconds(8);

    /// <summary>Time running streams get at shutdown.</summary>
    public static TimeSpan Shutdown { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The readiness page when all is well.</summary>
    internal const string Ready = """{"status":"ok"}""";

    /// <summary>The configuration of one of the replicas, which commands can take too.</summary>
    internal string Config => ConfigPath(AllNames[0]);

    /// <summary>Connection string of the Postgres they share.</summary>
    internal string Postgres => _servers.Postgres.Configuration;

    /// <summary>The key of the configuration, which may administer its tenant.</summary>
    internal string Key => _key;

    internal PacedModelServer Model { get; private set; } = null!;

    internal GatewayProcess A => _replicas[0]!;

    internal GatewayProcess B => _replicas[1]!;

    internal int Count => _replicas.Length;

    internal GatewayProcess this[int replica] => _replicas[replica]!;

    /// <summary>What all replicas have logged, those too that have ended since.</summary>
    internal string Log => string.Join('\n', _started.Select(replica => $"== {replica}\n{replica.Log}"));

    private IEnumerable<string> Names => AllNames.Take(Count);

    /// <summary>Further keys of the one tenant by their names.</summary>
    protected virtual IReadOnlyDictionary<string, object> MoreKeys => new Dictionary<string, object>();

    public virtual async Task InitializeAsync()
    {
        _servers = await LocalServers.StartAsync();
        Model = await PacedModelServer.StartAsync();
        foreach (var name in Names) await File.WriteAllTextAsync(ConfigPath(name), ConfigOf(name));
        try
        {
            await HealAsync();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(Log, e);
        }
    }

    public virtual async Task DisposeAsync()
    {
        foreach (var replica in _started) await replica.DisposeAsync();
        await Model.DisposeAsync();
        await _servers.DisposeAsync();
    }

    /// <summary>Starts what has ended, and waits until both replicas find everything in order.</summary>
    internal async Task HealAsync()
    {
        for (var i = 0; i < Count; i++)
        {
            if (_replicas[i] is null or { HasExited: true }) Start(i);
        }

        for (var i = 0; i < Count; i++)
        {
            var replica = this[i];
            await Patience.UntilAsync(async () => await replica.ReadinessAsync() == Ready || replica.HasExited, $"replica {AllNames[i]} is ready");
            if (replica.HasExited) throw new InvalidOperationException($"Replica {AllNames[i]} has ended.");
        }
    }

    /// <summary>Starts a replica again that has ended; does not wait until it serves.</summary>
    internal void Start(int replica)
    {
        var started = GatewayProcess.Start(ConfigPath(AllNames[replica]), LowPort.Find(), _key);
        _servers.Guard(started.Id);
        _started.Add(started);
        _replicas[replica] = started;
    }

    internal Task KillRedisAsync() => Signals.KillAsync(_servers.Redis.Process.Id);

    internal Task StartRedisAsync() => _servers.RestartRedisAsync();

    internal Task StopRedisAsync() => Signals.StopAsync(_servers.Redis.Process.Id);

    internal Task ContinueRedisAsync() => Signals.ContinueAsync(_servers.Redis.Process.Id);

    /// <summary>Ends all of Postgres at once, the processes that hold its connections too.</summary>
    internal Task KillPostgresAsync() => Signals.KillAsync(Signals.FamilyOf(_servers.Postgres.Process.Id));

    internal Task StartPostgresAsync() => _servers.RestartPostgresAsync();

    internal Task StopPostgresAsync() => Signals.StopAsync(Signals.FamilyOf(_servers.Postgres.Process.Id));

    internal Task ContinuePostgresAsync() => Signals.ContinueAsync(Signals.FamilyOf(_servers.Postgres.Process.Id));

    /// <summary>Has Redis suffer a fault; complete when it is back.</summary>
    /// <param name="fault">What happens.</param>
    /// <param name="meanwhile">What to do while it is not there.</param>
    internal Task BreakRedisAsync(Fault fault, Func<Task> meanwhile) => fault == Fault.Stopped
        ? BreakAsync(StopRedisAsync, meanwhile, ContinueRedisAsync)
        : BreakAsync(KillRedisAsync, meanwhile, StartRedisAsync);

    /// <summary>Has Postgres suffer a fault; complete when it is back.</summary>
    internal Task BreakPostgresAsync(Fault fault, Func<Task> meanwhile) => fault == Fault.Stopped
        ? BreakAsync(StopPostgresAsync, meanwhile, ContinuePostgresAsync)
        : BreakAsync(KillPostgresAsync, meanwhile, StartPostgresAsync);

    private static async Task BreakAsync(Func<Task> begin, Func<Task> meanwhile, Func<Task> end)
    {
        await begin();
        try
        {
            await meanwhile();
        }
        finally
        {
            await end();
        }
    }

    /// <summary>The stores as a gateway beside them reaches them.</summary>
    private protected StoresConfig Stores => _servers.Apply(new EdgeConfig()).Stores;

    private string ConfigPath(string name) => Path.Combine(_servers.Folder, $"{name}.json");

    /// <summary>The replicas differ in one thing: the model server sees who calls.</summary>
    private protected virtual string ConfigOf(string name)
    {
        var stores = Stores;
        return JsonSerializer.Serialize(new
        {
            pools = new { dense = new { path = $"/{name}/v1/responses", destinations = new { one = new { address = Model.Address } } } },
            families = new Dictionary<string, object>
            {
                ["mka1-mini"] = new { @default = "dense", variants = new { dense = new { model = "mka1-mini-dense", pool = "dense" } } },
            },
            tenants = new { acme = new { keys = new Dictionary<string, object>(MoreKeys) { ["main"] = new { hash = ApiKeyFormat.HashText(_key), admin = true } } } },
            stores = new { postgres = stores.Postgres, redis = stores.Redis, encryptionKey = stores.EncryptionKey, leaseSeconds = Lease.TotalSeconds, disconnectGraceSeconds = Grace.TotalSeconds },
            background = new { workers = 16, perTenant = 32, drainSeconds = BackgroundDrain.TotalSeconds },
            quotas = new { leaseSeconds = QuotaLease.TotalSeconds },
            limits = new { shutdownSeconds = Shutdown.TotalSeconds },
        });
    }
}
