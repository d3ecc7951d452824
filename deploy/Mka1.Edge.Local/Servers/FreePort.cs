using System.Net;
using System.Net.Sockets;

namespace Mka1.Edge.Local.Servers;

/// <summary>Ports for programs that must be told one.</summary>
internal static class FreePort
{
    /// <summary>How often to start a server on another port: between the look and the start somebody else may take one.</summary>
    public const int Tries = 3;

    /// <summary>A loopback port that nothing listens on now.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
