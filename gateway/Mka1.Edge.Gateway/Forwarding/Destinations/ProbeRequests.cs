using System.Net;
using System.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Mka1.Edge.Gateway.Forwarding.Destinations;

/// <summary>Makes the requests that ask a server how it is: with the gateway's credential, and nothing of a client's.</summary>
internal sealed class ProbeRequests : IProbingRequestFactory
{
    public HttpRequestMessage CreateRequest(ClusterModel cluster, DestinationModel destination)
    {
        var path = cluster.Config.HealthCheck!.Active!.Path;
        var request = new HttpRequestMessage(HttpMethod.Get, RequestUtilities.MakeDestinationAddress(destination.Config.Address, path, QueryString.Empty))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.Add(LoadReportHeader.FormatName, "TEXT");
        if (destination.Config.Metadata?.GetValueOrDefault(PoolClusters.ApiKeyKey) is { } key) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }
}
