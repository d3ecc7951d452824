using System.Text.Json;
using Mka1.Edge.Local.Servers;
using Mka1.Edge.Resilience.Tests.Support;

namespace Mka1.Edge.Resilience.Tests;

/// <summary>Promise: the schema can be brought up to date by a command of its own, as often as anyone likes.</summary>
public sealed class MigrateCommandTests
{
    [Fact]
    public async Task The_first_run_applies_everything_and_the_second_nothing()
    {
        await using var servers = await LocalServers.StartAsync();
        var config = Path.Combine(servers.Folder, "migrate.json");
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(new { stores = new { postgres = servers.Postgres.Configuration } }));

        var (exit, said) = await RunAsync(config);
        Assert.Equal(0, exit);
        Assert.StartsWith("Applied: 0001_", said, StringComparison.Ordinal);
        Assert.Equal((0, "The schema is up to date."), await RunAsync(config));
    }

    [Fact]
    public async Task Without_a_postgres_it_says_what_is_missing()
    {
        var config = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(config, "{}");
            var (exit, said) = await RunAsync(config);
            Assert.Equal(1, exit);
            Assert.Contains("stores.postgres", said, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(config);
        }
    }

    private static Task<(int Exit, string Said)> RunAsync(string config) => GatewayCommand.RunAsync("--config", config, "--migrate");
}
