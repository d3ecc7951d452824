using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Mka1.Edge.Resilience.Tests.Support.Wires;

/// <summary>A wire between a client and a server that can be made to fail in every way a wire can, while connections are open.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private const int BindAttempts = 20;

    private readonly EndPoint _target;
    private readonly ConcurrentDictionary<ProxiedConnection, byte> _open = new();
    private readonly Lock _gate = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private Wire _wire = new(Well);
    private int _accepted;
    private int _pieces;
    private long _toServer;
    private long _toClient;

    private FaultProxy(EndPoint target)
    {
        _target = target;
        for (var attempt = 1; ; attempt++)
        {
            Port = LowPort.Find();
            try
            {
                Listen();
                return;
            }
            catch (SocketException) when (attempt < BindAttempts)
            {
                // Taken since it was found; there are others.
            }
        }
    }

    public static WireFault Well { get; } = new WireFault.Nothing();

    /// <summary>Where clients find it, on the loopback address.</summary>
    public int Port { get; }

    /// <summary>Connections taken so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections of which at least one end is open.</summary>
    public int Open => _open.Count;

    /// <summary>Bytes handed on to the server.</summary>
    public long BytesToServer => Interlocked.Read(ref _toServer);

    /// <summary>Bytes handed on to clients.</summary>
    public long BytesToClient => Interlocked.Read(ref _toClient);

    /// <summary>Times that something was handed on, whichever way.</summary>
    public int Pieces => Volatile.Read(ref _pieces);

    internal Wire Wire => Volatile.Read(ref _wire);

    /// <summary>To a server on this machine.</summary>
    public static FaultProxy To(int port) => new(new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>Puts a fault in the place of the one there is.</summary>
    public void Put(WireFault fault) => Interlocked.Exchange(ref _wire, new Wire(fault)).End();

    /// <summary>Ends the fault there is, and listens again.</summary>
    public void Heal()
    {
        Put(Well);
        Listen();
    }

    /// <summary>Ends the connections that are open.</summary>
    public void Break(Ending how)
    {
        foreach (var connection in _open.Keys) connection.End(how);
    }

    /// <summary>Refuses new connections, as a port does that nobody listens on, and resets those that are open.</summary>
    public void Refuse()
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
        }

        Break(Ending.Reset);
    }

    public async ValueTask DisposeAsync()
    {
        Put(Well);
        Refuse();
        await _accepting;

        // One may have been taken in as the others were broken.
        Break(Ending.Reset);
    }

    internal void Count(Way way, int bytes)
    {
        Interlocked.Add(ref way == Way.ToServer ? ref _toServer : ref _toClient, bytes);
        Interlocked.Increment(ref _pieces);
    }

    private void Listen()
    {
        lock (_gate)
        {
            if (_listener is not null) return;
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
                listener.Listen(512);
            }
            catch
            {
                listener.Dispose();
                throw;
            }

            _listener = listener;
            _accepting = AcceptAsync(listener);
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync();
                Interlocked.Increment(ref _accepted);
                _ = ServeAsync(new ProxiedConnection(this, client, _target));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Nobody listens any more.
        }
    }

    private async Task ServeAsync(ProxiedConnection connection)
    {
        _open[connection] = 0;
        await connection.RunAsync();
        _open.TryRemove(connection, out _);
    }
}
