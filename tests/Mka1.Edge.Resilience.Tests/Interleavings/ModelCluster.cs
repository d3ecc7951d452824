using System.Text.Json.Nodes;
using Mka1.Edge.Resilience.Tests.Support;
using Npgsql;

namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>Two gateways, each a process of its own, that share a Redis and a Postgres and can be killed.</summary>
public sealed class ModelCluster : Cluster, IGateways
{
    int IGateways.Count => Count;

    string IGateways.Key => Key;

    PacedModelServer IGateways.Model => Model;

    HttpClient IGateways.this[int replica] => this[replica].Client;

    public async Task KillAsync(int replica)
    {
        await this[replica].KillAsync();
        Start(replica);
    }

    Task IGateways.HealAsync() => HealAsync();

    public async Task<IReadOnlyList<(string Run, long Tokens)>> LedgerAsync(string endUser)
    {
        await using var source = NpgsqlDataSource.Create(Postgres);
        await using var command = source.CreateCommand("SELECT response_id, input_tokens + output_tokens FROM ledger WHERE end_user = $1");
        command.Parameters.Add(new() { Value = endUser });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(string, long)>();
        while (await reader.ReadAsync()) rows.Add((reader.GetString(0), reader.GetInt64(1)));
        return rows;
    }

    private protected override string ConfigOf(string name)
    {
        var config = JsonNode.Parse(base.ConfigOf(name))!.AsObject();
        config["quotas"]!["endUserLimits"] = new JsonObject
        {
            ["tokens"] = new JsonArray(new JsonObject { ["window"] = "day", ["limit"] = IGateways.Tokens }),
        };
        return config.ToJsonString();
    }
}
