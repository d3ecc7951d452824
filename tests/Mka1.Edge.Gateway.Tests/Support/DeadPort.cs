using System.Net;
using System.Net.Sockets;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>A port that refuses connections for as long as it is held: bound, but not listening.</summary>
public sealed class DeadPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public DeadPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port}/";

    public void Dispose() => _socket.Dispose();
}
