using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Mka1.Edge.Stores.Tests.Support;

/// <summary>A door in front of Postgres: closed, every connection through it breaks and every new one is cut at once.</summary>
internal sealed class TcpGate : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, byte> _clients = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;
    private volatile bool _open = true;

    public TcpGate(string connectionString)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        (_host, _port) = (target.Host!, target.Port);
        _listener.Start();
        target.Host = "127.0.0.1";
        target.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        ConnectionString = target.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>Through the door.</summary>
    public string ConnectionString { get; }

    public void Open() => _open = true;

    public void Close()
    {
        _open = false;
        foreach (var client in _clients.Keys) client.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        Close();
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _clients[client] = 0;
                if (_open) _ = PassAsync(client);
                else client.Dispose();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The door is gone.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var server = new Socket(
            _host.StartsWith('/') ? AddressFamily.Unix : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await server.ConnectAsync(_host.StartsWith('/')
                ? new UnixDomainSocketEndPoint($"{_host}/.s.PGSQL.{_port}")
                : new IPEndPoint((await Dns.GetHostAddressesAsync(_host, AddressFamily.InterNetwork))[0], _port));
            await using var inside = new NetworkStream(server);
            await Task.WhenAny(client.GetStream().CopyToAsync(inside), inside.CopyToAsync(client.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // A side left.
        }
        finally
        {
            client.Dispose();
            _clients.TryRemove(client, out _);
        }
    }
}
