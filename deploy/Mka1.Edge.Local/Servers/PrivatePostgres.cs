using System.Globalization;
using Npgsql;

namespace Mka1.Edge.Local.Servers;

/// <summary>Starts a Postgres with an empty database.</summary>
internal static class PrivatePostgres
{
    private const string User = "postgres";
    private const string Database = "mka1_edge";

    /// <summary>Eight gateways with their pools.</summary>
    private const int MaxConnections = 400;

    /// <param name="programs">Folder of its programs.</param>
    /// <param name="folder">Where to put its data.</param>
    /// <param name="guard">Who stops it if this process cannot.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<PrivateServer> StartAsync(string programs, string folder, OrphanGuard guard, CancellationToken cancellation)
    {
        var password = Secret.Create();
        var (data, passwordFile) = (Path.Combine(folder, "data"), Path.Combine(folder, "password"));
        await File.WriteAllTextAsync(passwordFile, password, cancellation);
        if (Environment.IsPrivilegedProcess) await ServerProcess.RunAsync(["chown", "-R", User, folder], folder, cancellation);
        await ServerProcess.RunAsync(
            [.. AsPostgres(), Path.Combine(programs, "initdb"), "-D", data, "-U", User, "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8", "--no-sync"],
            folder,
            cancellation);
        File.Delete(passwordFile);

        var server = await PrivateServer.StartAsync(port => Start(programs, folder, data, password, port), AnswersAsync, guard, cancellation);
        await CreateDatabaseAsync(server.Configuration, cancellation);
        return server with { Configuration = new NpgsqlConnectionStringBuilder(server.Configuration) { Database = Database }.ConnectionString };
    }

    private static PrivateServer Start(string programs, string folder, string data, string password, int port)
    {
        IReadOnlyList<string> command =
        [
            .. AsPostgres(), Path.Combine(programs, "postgres"), "-D", data, "-p", port.ToString(CultureInfo.InvariantCulture),
            "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={folder}", "-c", $"max_connections={MaxConnections}",
        ];
        var configuration = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = port, Username = User, Password = password, Database = User };

        // SIGINT asks Postgres not to wait for its clients.
        return new PrivateServer(ServerProcess.Start(command, folder, stopSignal: "INT"), $"127.0.0.1:{port}", configuration.ConnectionString);
    }

    /// <summary>Postgres refuses to run as root.</summary>
    private static string[] AsPostgres() => Environment.IsPrivilegedProcess ? ["setpriv", "--reuid", User, "--regid", User, "--init-groups"] : [];

    private static async Task<bool> AnswersAsync(PrivateServer server, CancellationToken cancellation)
    {
        try
        {
            await ExecuteAsync(server.Configuration, "SELECT 1", cancellation);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static Task CreateDatabaseAsync(string configuration, CancellationToken cancellation) =>
        ExecuteAsync(configuration, $"CREATE DATABASE {Database}", cancellation);

    private static async Task ExecuteAsync(string configuration, string sql, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(configuration) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
