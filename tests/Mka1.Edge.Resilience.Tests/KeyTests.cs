using System.Net;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Resilience.Tests.Support;
using Npgsql;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests;

/// <summary>Promise: what is done to a key on one replica, or by a command, counts on every replica within 5 s; keys are nowhere but with their owners.</summary>
public sealed class KeyTests(Cluster cluster, ITestOutputHelper output) : ClusterTest(cluster, output)
{
    /// <summary>Three times the promised five seconds, for machines that do something else as well.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(15);

    [Fact]
    public Task What_one_replica_does_to_a_key_counts_on_the_other_within_five_seconds() => RunAsync(async () =>
    {
        var id = NewName();
        var first = KeyOf(await Cluster.A.SendAsync("POST", "/keys", Cluster.Key, $$"""{"id":"{{id}}"}"""));
        Assert.True(await ServesAsync(Cluster.A, first));
        var made = await Patience.UntilAsync(() => ServesAsync(Cluster.B, first), "the new key is known", Promised);

        var second = KeyOf(await Cluster.B.SendAsync("POST", $"/keys/{id}/rotate", Cluster.Key, """{"overlap_seconds":0}"""));
        Assert.False(await ServesAsync(Cluster.B, first));
        var rotated = await Patience.UntilAsync(async () => !await ServesAsync(Cluster.A, first) && await ServesAsync(Cluster.A, second), "the rotation is known", Promised);

        Assert.Equal(HttpStatusCode.OK, (await Cluster.A.SendAsync("DELETE", $"/keys/{id}", Cluster.Key)).Status);
        Assert.False(await ServesAsync(Cluster.A, second));
        var revoked = await Patience.UntilAsync(async () => !await ServesAsync(Cluster.B, second), "the revocation is known", Promised);
        Report($"known elsewhere: a new key after {made.TotalSeconds:F2} s, a rotation after {rotated.TotalSeconds:F2} s, a revocation after {revoked.TotalSeconds:F2} s");
    });

    [Fact]
    public Task While_postgres_is_away_keys_stay_as_they_are() => RunAsync(async () =>
    {
        var id = NewName();
        var key = KeyOf(await Cluster.A.SendAsync("POST", "/keys", Cluster.Key, $$"""{"id":"{{id}}"}"""));
        await Patience.UntilAsync(() => ServesAsync(Cluster.B, key), "the new key is known", Promised);
        await Cluster.BreakPostgresAsync(Fault.Down, async () =>
        {
            // Several readings come to nothing meanwhile.
            for (var i = 0; i < 30; i++)
            {
                Assert.True(await ServesAsync(Cluster.A, key));
                Assert.True(await ServesAsync(Cluster.B, key));
                await Task.Delay(100);
            }

            Assert.Equal("store_unavailable", (await Cluster.A.SendAsync("DELETE", $"/keys/{id}", Cluster.Key)).ErrorCode);
        });
        await Patience.UntilAsync(async () => (await Cluster.A.SendAsync("DELETE", $"/keys/{id}", Cluster.Key)).Status == HttpStatusCode.OK, "the key can be revoked");
        await Patience.UntilAsync(async () => !await ServesAsync(Cluster.B, key), "the revocation is known");
    });

    [Fact]
    public Task Commands_do_what_the_api_does() => RunAsync(async () =>
    {
        var id = NewName();
        var first = KeyOf(await CommandAsync("create", id, "--on-behalf-of", "forbidden", "--expires", "1d", "--delegation"));
        await Patience.UntilAsync(() => ServesAsync(Cluster.A, first), "the new key is known", Promised);
        var second = KeyOf(await CommandAsync("rotate", id, "--overlap", "0s"));
        await Patience.UntilAsync(async () => !await ServesAsync(Cluster.B, first) && await ServesAsync(Cluster.B, second), "the rotation is known", Promised);
        var (exit, listed) = await GatewayCommand.RunAsync("keys", "list", "--config", Cluster.Config, "--tenant", "acme");
        Assert.Equal(0, exit);
        Assert.Contains($"acme/{id}  active  store", listed, StringComparison.Ordinal);
        Assert.Contains("mk-…" + second[^4..], listed, StringComparison.Ordinal);
        await CommandAsync("revoke", id);
        await Patience.UntilAsync(async () => !await ServesAsync(Cluster.A, second), "the revocation is known", Promised);
        Assert.Equal(1, (await GatewayCommand.RunAsync("keys", "rotate", "--config", Cluster.Config, "--tenant", "acme", "--key", id)).Exit);
        Assert.Equal(1, (await GatewayCommand.RunAsync("keys", "create", "--config", Cluster.Config, "--tenant", "acme", "--key", id)).Exit);
    });

    [Fact]
    public Task No_key_stands_in_Postgres_or_in_a_log() => RunAsync(async () =>
    {
        var keys = new List<string> { Cluster.Key };
        for (var i = 0; i < 5; i++)
        {
            var id = NewName();
            keys.Add(KeyOf(await Cluster.A.SendAsync("POST", "/keys", Cluster.Key, $$"""{"id":"{{id}}"}""")));
            keys.Add(KeyOf(await Cluster.A.SendAsync("POST", $"/keys/{id}/rotate", Cluster.Key)));
            await Cluster.A.SendAsync("POST", "/responses", keys[^1], PacedRequest.New(deltas: 2, delayMs: 0).Body(store: true));
        }

        var dump = await DumpAsync();
        Assert.Contains("sec_", dump, StringComparison.Ordinal);
        foreach (var key in keys)
        {
            // In a bytea column it would stand in hexadecimal.
            var secret = key[3..^6];
            Assert.DoesNotContain(secret, dump, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexStringLower(Encoding.ASCII.GetBytes(secret)), dump, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, Cluster.Log, StringComparison.Ordinal);
        }
    });

    private static string NewName() => "k" + Guid.NewGuid().ToString("N");

    private static string KeyOf(Answer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body);
        return KeyOf(answer.Body);
    }

    private static string KeyOf(string json)
    {
        var key = JsonDocument.Parse(json).RootElement.GetProperty("key").GetString()!;
        Assert.True(ApiKeyFormat.IsWellFormed(key));
        return key;
    }

    private static async Task<bool> ServesAsync(GatewayProcess replica, string key)
    {
        var answer = await replica.SendAsync("GET", "/models", key);
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Unauthorized, answer.Body);
        return answer.Status == HttpStatusCode.OK;
    }

    private async Task<string> CommandAsync(string verb, string id, params string[] more)
    {
        var (exit, said) = await GatewayCommand.RunAsync(["keys", verb, "--config", Cluster.Config, "--tenant", "acme", "--key", id, "--json", .. more]);
        Assert.True(exit == 0, said);
        return said;
    }

    /// <summary>Everything that Postgres holds, as text.</summary>
    private async Task<string> DumpAsync()
    {
        await using var source = NpgsqlDataSource.Create(Cluster.Postgres);
        var dump = new StringBuilder();
        var tables = await ReadAsync(source, "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')");
        Assert.Contains("public.api_key_secret", tables);
        foreach (var table in tables) dump.AppendJoin('\n', await ReadAsync(source, $"SELECT t::text FROM {table} t"));
        return dump.ToString();
    }

    private static async Task<List<string>> ReadAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }
}
