using System.Globalization;
using System.Text.Json;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Resilience.Tests.Support;
using Mka1.Edge.Resilience.Tests.Support.Wires;
using Npgsql;

namespace Mka1.Edge.Resilience.Tests.Wires;

/// <summary>Two gateways whose every connection goes over a wire that can fail: to the model server, Redis, Postgres and a receiver of webhooks.</summary>
public sealed class WiredCluster : Cluster
{
    /// <summary>A model of which the wire leads to one server and a second is reached without it.</summary>
    public const string Pair = "wired-pair";

    /// <summary>A model whose server is given up soon.</summary>
    public const string Brief = "wired-brief";

    public const long CountedTokens = 1_000_000_000;

    private readonly Dictionary<string, ReplicaWires> _wires = [];
    private HookReceiver _receiver = null!;
    private FaultProxy _hooks = null!;

    /// <summary>The wires of one replica.</summary>
    internal ReplicaWires this[string replica] => _wires[replica];

    internal HookReceiver Receiver => _receiver;

    /// <summary>Between the replicas and the receiver of webhooks.</summary>
    internal FaultProxy Hooks => _hooks;

    internal string HookUrl => $"http://127.0.0.1:{_hooks.Port}/hook";

    /// <summary>Its tokens are counted and never refused.</summary>
    internal string CountedKey { get; } = ApiKeyFormat.Create();

    public override async Task InitializeAsync()
    {
        _receiver = await HookReceiver.StartAsync();
        _hooks = FaultProxy.To(_receiver.Port);
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var wires in _wires.Values) await wires.DisposeAsync();
        await _hooks.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    internal void HealWires()
    {
        foreach (var wires in _wires.Values) wires.Heal();
        _hooks.Heal();
    }

    /// <summary>What the ledger says of a run: rows, and the output tokens of them.</summary>
    internal Task<(long Rows, long Output)> LedgerOfAsync(string id) =>
        PairAsync("SELECT count(*)::bigint, coalesce(sum(output_tokens), 0)::bigint FROM ledger WHERE response_id = $1", id);

    /// <summary>What the ledger says of a key: rows, and all tokens of them.</summary>
    internal Task<(long Rows, long Tokens)> LedgerOfKeyAsync(string key) =>
        PairAsync("SELECT count(*)::bigint, coalesce(sum(input_tokens + output_tokens), 0)::bigint FROM ledger WHERE key_id = $1", key);

    /// <summary>Responses that were made of a request, and those among them that the ledger has a row of.</summary>
    internal Task<(long Responses, long Rows)> MadeOfAsync(string seed) => PairAsync(
        "SELECT count(*)::bigint, count(l.response_id)::bigint FROM response r LEFT JOIN ledger l ON l.response_id = r.id WHERE position(convert_to($1, 'UTF8') in r.input) > 0", seed);

    /// <summary>Runs any statement that bears repeating, past the wires: one that changes a table may lock itself out with what the gateways write.</summary>
    internal Task ExecuteAsync(string sql) => Patience.UntilAsync(
        async () =>
        {
            try
            {
                await using var source = NpgsqlDataSource.Create(Postgres);
                await using var command = source.CreateCommand(sql);
                await command.ExecuteNonQueryAsync();
                return true;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                return false;
            }
        },
        "the statement is carried out",
        Patience.Hang);

    private protected override string ConfigOf(string name)
    {
        var stores = Stores;
        var wires = _wires[name] = new ReplicaWires(Model.Address, stores);
        object wired = new { address = wires.ModelAddress };
        object direct = new { address = Model.Address };
        return JsonSerializer.Serialize(new
        {
            pools = new
            {
                dense = Pool(name, new { one = wired }),
                pair = Pool(name, new { one = wired, two = direct }),
                brief = Pool(name, new { one = wired }, patienceSeconds: 2),
            },
            families = new Dictionary<string, object>
            {
                ["mka1-mini"] = Family("mka1-mini", "dense"),
                [Pair] = Family(Pair, "pair"),
                [Brief] = Family(Brief, "brief"),
            },
            tenants = new
            {
                acme = new
                {
                    keys = new
                    {
                        main = new { hash = ApiKeyFormat.HashText(Key), admin = true },
                        counted = new { hash = ApiKeyFormat.HashText(CountedKey), tokens = new[] { new { window = "day", limit = CountedTokens } } },
                    },
                },
            },
            stores = new { postgres = wires.PostgresConfiguration, redis = wires.RedisConfiguration, encryptionKey = stores.EncryptionKey, leaseSeconds = Lease.TotalSeconds, storePatienceSeconds = 3 },
            webhooks = new { allowPrivateTargets = true, timeoutSeconds = 2 },
            limits = new { shutdownSeconds = Shutdown.TotalSeconds },
        });
    }

    /// <summary>Without probes and rests: what one test does to a wire must not reach the next.</summary>
    private static object Pool(string name, object destinations, double patienceSeconds = 60) => new
    {
        path = $"/{name}/v1/responses",
        destinations,
        firstByteTimeoutSeconds = patienceSeconds,
        firstTokenTimeoutSeconds = patienceSeconds,
        idleTimeoutSeconds = patienceSeconds,
        health = new { active = new { enabled = false }, passive = new { enabled = false } },
    };

    private static object Family(string name, string pool) => new { @default = "dense", variants = new { dense = new { model = name + "-dense", pool } } };

    private async Task<(long First, long Second)> PairAsync(string sql, string parameter)
    {
        await using var source = NpgsqlDataSource.Create(Postgres);
        await using var command = source.CreateCommand(sql);
        command.Parameters.Add(new() { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync(), string.Create(CultureInfo.InvariantCulture, $"{sql} returned nothing."));
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
