using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Local.Servers;

/// <summary>Redis and Postgres for one run: started from the machine's packages, gone with all they kept when the run ends.</summary>
internal sealed class LocalServers : IAsyncDisposable
{
    private readonly string _folder;
    private readonly OrphanGuard _guard;
    private readonly string _encryptionKey = Secret.Create();
    private PrivateServer? _redis;
    private PrivateServer? _postgres;

    private LocalServers()
    {
        _folder = Directory.CreateTempSubdirectory("mka1-edge-").FullName;
        _guard = new OrphanGuard(_folder);

        // Postgres, which may run as another user, has its data below.
        SetMode(_folder, "711");
    }

    public PrivateServer Redis => _redis ?? throw new InvalidOperationException("Redis has not started.");

    public PrivateServer Postgres => _postgres ?? throw new InvalidOperationException("Postgres has not started.");

    public string Folder => _folder;

    /// <summary>Starts both. Complete when they answer.</summary>
    /// <exception cref="LocalRunException">A program is missing or does not start.</exception>
    public static async Task<LocalServers> StartAsync(CancellationToken cancellation = default)
    {
        var programs = ServerPrograms.Find(Environment.GetEnvironmentVariable("PATH") ?? "");
        var servers = new LocalServers();
        try
        {
            await Task.WhenAll(servers.StartRedisAsync(programs, cancellation), servers.StartPostgresAsync(programs, cancellation));
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>The configuration of a gateway that keeps its state here.</summary>
    public EdgeConfig Apply(EdgeConfig config) => config with
    {
        Stores = config.Stores with { Redis = Redis.Configuration, Postgres = Postgres.Configuration, EncryptionKey = _encryptionKey },
    };

    /// <summary>Starts Redis again after it has ended. Complete when it answers; what it kept is gone.</summary>
    public async Task RestartRedisAsync() => _redis = await RestartAsync(Redis);

    /// <summary>Starts Postgres again after it has ended. Complete when it answers.</summary>
    public async Task RestartPostgresAsync() => _postgres = await RestartAsync(Postgres);

    /// <summary>Ends another process together with the servers, should this one end without doing so itself.</summary>
    public void Guard(int processId) => _guard.Watch(processId);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(new[] { _redis, _postgres }.Select(server => server?.Process.DisposeAsync().AsTask() ?? Task.CompletedTask));
        Directory.Delete(_folder, recursive: true);
        await _guard.DisposeAsync();
    }

    private async Task StartRedisAsync(ServerPrograms programs, CancellationToken cancellation) =>
        _redis = await PrivateRedis.StartAsync(programs.Redis, Subfolder("redis"), _guard, cancellation);

    private async Task StartPostgresAsync(ServerPrograms programs, CancellationToken cancellation) =>
        _postgres = await PrivatePostgres.StartAsync(programs.PostgresFolder, Subfolder("postgres"), _guard, cancellation);

    private static async Task<PrivateServer> RestartAsync(PrivateServer ended)
    {
        await ended.Process.DisposeAsync();
        var again = await ended.Again(CancellationToken.None);

        // Its clients may have been told of more than the server knows, such as which database is theirs.
        return ended with { Process = again.Process };
    }

    private string Subfolder(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        SetMode(folder, "700");
        return folder;
    }

    private static void SetMode(string folder, string octal)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32(octal, 8));
    }
}
