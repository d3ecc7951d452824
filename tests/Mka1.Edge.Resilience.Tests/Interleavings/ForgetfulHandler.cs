using System.Net;

namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>Says that a response is deleted, and leaves it where it is.</summary>
internal sealed class ForgetfulHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Delete) return await base.SendAsync(request, cancellationToken);
        using var look = new HttpRequestMessage(HttpMethod.Get, request.RequestUri);
        foreach (var (name, values) in request.Headers) look.Headers.Add(name, values);
        var found = await base.SendAsync(look, cancellationToken);
        if (found.StatusCode != HttpStatusCode.OK) return found;
        found.Dispose();
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{}") };
    }
}
