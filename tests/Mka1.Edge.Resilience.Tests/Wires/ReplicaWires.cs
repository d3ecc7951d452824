using System.Globalization;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Resilience.Tests.Support.Wires;
using Npgsql;

namespace Mka1.Edge.Resilience.Tests.Wires;

/// <summary>The wires of one gateway, each of which can fail by itself.</summary>
internal sealed class ReplicaWires : IAsyncDisposable
{
    private readonly StoresConfig _stores;
    private readonly int _redisPort;

    public ReplicaWires(string model, StoresConfig stores)
    {
        _stores = stores;
        _redisPort = int.Parse(stores.Redis!.Split(',')[0].Split(':')[1], CultureInfo.InvariantCulture);
        Model = FaultProxy.To(new Uri(model).Port);
        Redis = FaultProxy.To(_redisPort);
        Postgres = FaultProxy.To(new NpgsqlConnectionStringBuilder(stores.Postgres).Port);
    }

    public FaultProxy Model { get; }

    public FaultProxy Redis { get; }

    public FaultProxy Postgres { get; }

    public string ModelAddress => $"http://127.0.0.1:{Model.Port}";

    public string RedisConfiguration => _stores.Redis!.Replace($":{_redisPort}", $":{Redis.Port}", StringComparison.Ordinal);

    public string PostgresConfiguration => new NpgsqlConnectionStringBuilder(_stores.Postgres) { Port = Postgres.Port }.ConnectionString;

    public void Heal()
    {
        foreach (var wire in new[] { Model, Redis, Postgres }) wire.Heal();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var wire in new[] { Model, Redis, Postgres }) await wire.DisposeAsync();
    }
}
