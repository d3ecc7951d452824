using System.Net;
using System.Net.Sockets;

namespace Mka1.Edge.Gateway.Webhooks;

/// <summary>
/// Opens connections to receivers. A name is looked up once and connected to where that look-up said, so that a second answer
/// cannot lead elsewhere; one private address among the answers spoils them all.
/// </summary>
/// <param name="allowsPrivate">Whether any address will do.</param>
/// <param name="resolve">Looks a name up.</param>
internal sealed class WebhookConnector(bool allowsPrivate, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <exception cref="WebhookTargetRefusedException">The name leads to an address that must not be reached.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, CancellationToken cancellation)
    {
        var addresses = await resolve(endpoint.Host, cancellation);
        if (!allowsPrivate && addresses.Any(SpecialAddresses.IsSpecial)) throw new WebhookTargetRefusedException();

        var fault = new SocketException((int)SocketError.HostNotFound);
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, endpoint.Port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                fault = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw fault;
    }
}
