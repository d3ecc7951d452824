using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Local;
using Mka1.Edge.Local.Servers;
using Mka1.Edge.Stores.Postgres;
using Mka1.Edge.Stores.Redis;
using Npgsql;

namespace Mka1.Edge.Functional.Tests.Processes;

/// <summary>The Redis and Postgres that <c>--stores local</c> brings along.</summary>
public sealed partial class PrivateServersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task They_answer_whoever_has_the_configuration_and_are_gone_afterwards()
    {
        var servers = await LocalServers.StartAsync();
        string folder;
        await using (servers)
        {
            folder = servers.Folder;
            var stores = servers.Apply(new EdgeConfig { Stores = new StoresConfig { RetentionDays = 7 } }).Stores;
            Assert.Equal(7, stores.RetentionDays);
            Assert.True(stores.EncryptionKey!.Length >= 32);
            await using var redis = new RedisConnection(stores.Redis!);
            await redis.RunAsync(database => database.PingAsync());
            await using var postgres = new PostgresDatabase(stores.Postgres!);
            Assert.NotEmpty(await PostgresMigrator.MigrateAsync(postgres));

            // Leaders of sessions of their own: Ctrl+C in this terminal does not reach them.
            foreach (var server in new[] { servers.Redis, servers.Postgres })
                Assert.Equal(server.Process.Id, await SessionAsync(server.Process.Id));
        }

        Assert.False(Directory.Exists(folder));
        Assert.False(await ListensAsync(servers.Redis.Address));
        Assert.False(await ListensAsync(servers.Postgres.Address));
    }

    [Fact]
    public async Task They_answer_nobody_without_the_password()
    {
        await using var servers = await LocalServers.StartAsync();
        var guess = new NpgsqlConnectionStringBuilder(servers.Postgres.Configuration) { Password = "guess", Pooling = false };
        await using var connection = new NpgsqlConnection(guess.ConnectionString);
        Assert.Equal(PostgresErrorCodes.InvalidPassword, (await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync())).SqlState);

        using var socket = new TcpClient();
        await socket.ConnectAsync(IPEndPoint.Parse(servers.Redis.Address));
        using var reader = new StreamReader(socket.GetStream());
        await socket.GetStream().WriteAsync("GET secret\r\n"u8.ToArray());
        Assert.StartsWith("-NOAUTH", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicas_share_them_and_every_one_answers()
    {
        await using var run = await LocalRun.StartAsync(LocalOptions.Read(["--urls", "http://127.0.0.1:0", "--stores", "local", "--replicas", "3"]));
        var addresses = run.Gateways.Select(gateway => gateway.Urls.First()).ToList();
        Assert.Equal(3, addresses.Distinct().Count());
        Assert.Equal((addresses[0], run.Gateways[0]), (run.Address, run.Gateway));

        foreach (var address in addresses)
        {
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            client.DefaultRequestHeaders.Authorization = new("Bearer", run.Tenants[0].Key);
            Assert.Contains("mka1-mini", await client.GetStringAsync("/api/v1/llm/models"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_termination_ends_gateways_and_servers_in_good_order()
    {
        await using var local = await LocalProcess.StartAsync("--stores", "local", "--replicas", "2");
        var servers = ServerAddresses(local.Greeting);
        foreach (var server in servers) Assert.True(await ListensAsync(server));

        Assert.Equal(0, await local.TerminateAsync());

        foreach (var server in servers) Assert.False(await ListensAsync(server));
    }

    [Fact]
    public async Task They_end_even_when_the_program_is_killed()
    {
        await using var local = await LocalProcess.StartAsync("--stores", "local");
        var servers = ServerAddresses(local.Greeting);

        await local.KillAsync();

        using var patience = new CancellationTokenSource(Patience);
        foreach (var server in servers)
        {
            while (await ListensAsync(server)) await Task.Delay(50, patience.Token);
        }
    }

    [Theory]
    [InlineData("--stores", "disk")]
    [InlineData("--replicas", "2")]
    public async Task A_wrong_argument_costs_one_line(string argument, string value)
    {
        var (exitCode, all, _) = await LocalProcess.FailAsync(argument, value);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(argument, Assert.Single(all.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_program_is_told_with_the_package_to_install()
    {
        var message = Assert.Throws<LocalRunException>(() => ServerPrograms.Find("/nowhere")).Message;

        Assert.Matches("apt-get install redis-server( postgresql)? util-linux$", message);
    }

    [Fact]
    public async Task Servers_do_not_outlive_a_start_that_fails()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var folders = Folders();
        var options = LocalOptions.Read(["--urls", $"http://{other.LocalEndpoint}", "--stores", "local"]);

        await Assert.ThrowsAsync<IOException>(() => LocalRun.StartAsync(options));

        Assert.Empty(Folders().Except(folders));

        static string[] Folders() => Directory.GetDirectories(Path.GetTempPath(), "mka1-edge-*");
    }

    private static List<string> ServerAddresses(string greeting)
    {
        var match = StoresLine().Match(greeting);
        Assert.True(match.Success, greeting);
        return [match.Groups["postgres"].Value, match.Groups["redis"].Value];
    }

    private static async Task<bool> ListensAsync(string address)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(IPEndPoint.Parse(address));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>After the program's name in brackets: state, parent, group, session.</summary>
    private static async Task<int> SessionAsync(int process)
    {
        var stat = await File.ReadAllTextAsync($"/proc/{process}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3], CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Postgres on (?<postgres>[\d.:]+) and Redis on (?<redis>[\d.:]+),")]
    private static partial Regex StoresLine();
}
