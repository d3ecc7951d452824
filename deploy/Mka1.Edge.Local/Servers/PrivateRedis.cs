using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Redis;

namespace Mka1.Edge.Local.Servers;

/// <summary>Starts a Redis that keeps everything in memory.</summary>
internal static class PrivateRedis
{
    public static Task<PrivateServer> StartAsync(string program, string folder, OrphanGuard guard, CancellationToken cancellation)
    {
        var password = Secret.Create();
        return PrivateServer.StartAsync(port => Start(program, folder, password, port), AnswersAsync, guard, cancellation);
    }

    private static PrivateServer Start(string program, string folder, string password, int port)
    {
        // The settings go in through its standard input: arguments can be read by everybody on the machine.
        var settings = $"""
            bind 127.0.0.1
            port {port}
            requirepass {password}
            save ""
            appendonly no
            dir {folder}

            """;
        return new PrivateServer(ServerProcess.Start([program, "-"], folder, settings), $"127.0.0.1:{port}", $"127.0.0.1:{port},password={password}");
    }

    private static async Task<bool> AnswersAsync(PrivateServer server, CancellationToken cancellation)
    {
        await using var redis = new RedisConnection(server.Configuration);
        try
        {
            await redis.RunAsync(database => database.PingAsync(), cancellation);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
