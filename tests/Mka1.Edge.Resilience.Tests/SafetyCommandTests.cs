using System.Text.Json;
using Mka1.Edge.Local.Servers;
using Mka1.Edge.Resilience.Tests.Support;
using Npgsql;

namespace Mka1.Edge.Resilience.Tests;

/// <summary>Promise: an operator sees and orders about safety subjects on the command line, and is told of an audit that was tampered with.</summary>
public sealed class SafetyCommandTests
{
    [Fact]
    public async Task An_operator_marks_pins_shows_and_verifies_and_tampering_is_found()
    {
        await using var servers = await LocalServers.StartAsync();
        var config = Path.Combine(servers.Folder, "safety.json");
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(new
        {
            tenants = new { acme = new { } },
            stores = new { postgres = servers.Postgres.Configuration },
            safety = new { hashKey = "sixteen characters or more" },
        }));
        Assert.Contains("--migrate", await SayAsync(1, "safety", "verify", "--config", config, "--tenant", "acme"), StringComparison.Ordinal);
        await SayAsync(0, "--config", config, "--migrate");

        string[] alice = ["--config", config, "--tenant", "acme", "--identifier", "alice"];
        Assert.Contains("never seen", await SayAsync(1, ["safety", "show", .. alice]), StringComparison.Ordinal);
        var marked = await JsonAsync(["safety", "mark", .. alice, "--reason", "Seen elsewhere"]);
        Assert.Equal("slow", marked.GetProperty("rung").GetString());
        var pinned = await JsonAsync(["safety", "override", .. alice, "--rung", "block", "--until", "24h", "--reason", "Ticket 7"]);
        Assert.Equal("block", pinned.GetProperty("rung").GetString());
        Assert.Equal("block", (await JsonAsync(["safety", "show", .. alice])).GetProperty("rung").GetString());
        var cleared = await JsonAsync(["safety", "override", .. alice, "--clear", "--reason", "Settled"]);
        Assert.Equal("slow", cleared.GetProperty("rung").GetString());
        Assert.Equal("slow", (await JsonAsync(["safety", "show", "--config", config, "--tenant", "acme", "--identifier", cleared.GetProperty("id").GetString()!])).GetProperty("rung").GetString());

        Assert.StartsWith("4 entries of tenant 'acme' are as they were written.", await SayAsync(0, "safety", "verify", "--config", config, "--tenant", "acme"), StringComparison.Ordinal);
        await using (var connection = new NpgsqlConnection(servers.Postgres.Configuration))
        {
            await connection.OpenAsync();
            await using var tamper = new NpgsqlCommand(
                "SET session_replication_role = replica; UPDATE safety_audit SET reason = 'Ticket 8' WHERE reason = 'Ticket 7'", connection);
            Assert.Equal(1, await tamper.ExecuteNonQueryAsync());
        }

        Assert.StartsWith("Entry 3 of tenant 'acme'", await SayAsync(1, "safety", "verify", "--config", config, "--tenant", "acme"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"tenants":{"acme":{}}}""", "stores.postgres is not set")]
    [InlineData("""{"tenants":{"acme":{}},"stores":{"postgres":"Host=127.0.0.1;Port=1"}}""", "safety.hashKey")]
    [InlineData("""{"tenants":{"other":{}},"safety":{"hashKey":"sixteen characters or more"},"stores":{"postgres":"Host=127.0.0.1;Port=1"}}""", "There is no tenant 'acme'")]
    public async Task What_is_missing_is_said(string text, string said)
    {
        var config = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(config, text);
            Assert.Contains(said, await SayAsync(1, "safety", "show", "--config", config, "--tenant", "acme", "--identifier", "alice"), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(config);
        }
    }

    private static async Task<JsonElement> JsonAsync(string[] arguments) => JsonDocument.Parse(await SayAsync(0, arguments)).RootElement;

    private static async Task<string> SayAsync(int status, params string[] arguments)
    {
        var (exit, said) = await GatewayCommand.RunAsync(arguments);
        Assert.True(exit == status, $"{exit}: {said}");
        return said;
    }
}
