using System.Collections.Concurrent;
using System.Net;
using Mka1.Edge.LoadTests.Wire;

namespace Mka1.Edge.LoadTests.Comparison;

/// <summary>Connections to one server, the one used last first.</summary>
internal sealed class ConnectionPool(IPEndPoint server) : IDisposable
{
    private readonly ConcurrentStack<WireConnection> _free = new();

    public WireConnection Take() => _free.TryPop(out var connection) ? connection : new WireConnection(server);

    public void Return(WireConnection connection) => _free.Push(connection);

    public void Dispose()
    {
        foreach (var connection in _free) connection.Dispose();
    }
}
