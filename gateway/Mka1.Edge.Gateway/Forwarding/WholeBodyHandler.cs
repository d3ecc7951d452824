using System.Net.Http.Headers;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>
/// Sends a request's body together with its headers. YARP relays bodies as streams and sends the headers ahead of them; a run's
/// body is there as a whole, and one packet saves the model server and the gateway a system call each.
/// </summary>
internal sealed class WholeBodyHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly HttpRequestOptionsKey<byte[]> Body = new("mka1.edge.body");

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Gives a request that YARP sends its body, JSON.</summary>
    public static void Attach(HttpRequestMessage request, byte[] body) => request.Options.Set(Body, body);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Options.TryGetValue(Body, out var body))
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = Json;
        }

        return base.SendAsync(request, cancellationToken);
    }
}
