using System.Net.Http.Headers;
using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Responses;
using Mka1.Edge.Telemetry;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>The headers a model server gets: a short list, and nothing a client sent.</summary>
internal static class UpstreamHeaders
{
    public static void Add(HttpRequestMessage request, string requestId, string? apiKey, string accept)
    {
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        request.Headers.TryAddWithoutValidation(RequestIds.Header, requestId);
        request.Headers.TryAddWithoutValidation(LoadReportHeader.FormatName, "TEXT");
        if (apiKey is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        if (EdgeTracing.TraceParent is { } traceparent) request.Headers.Add(Spans.TraceParent, traceparent);
    }
}
