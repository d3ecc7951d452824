using System.Net;
using System.Net.Sockets;

namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>
/// Ports for gateways that come and go. They lie below those that the system gives to connections: clients that knock in vain
/// would sooner or later be given the very port that a gateway is about to listen on.
/// </summary>
internal static class LowPort
{
    private const int Lowest = 12000;
    private const int Highest = 32000;

    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(Lowest, Highest);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; there are others.
            }
        }
    }
}
