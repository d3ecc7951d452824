namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>Tells the end of a response otherwise every third time it is asked.</summary>
internal sealed class MoodyHandler : DelegatingHandler
{
    private int _asked;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (request.Method != HttpMethod.Get || answer.Content.Headers.ContentType?.MediaType != "application/json" || Interlocked.Increment(ref _asked) % 3 != 0) return answer;
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        answer.Content = new StringContent(body.Replace("\"completed\"", "\"incomplete\"", StringComparison.Ordinal), null, "application/json");
        return answer;
    }
}
