using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Forwarding.Dialects;
using Yarp.ReverseProxy.Model;

namespace Mka1.Edge.Gateway.Forwarding.Destinations;

/// <summary>
/// A pool ready to be sent to, as one configuration has it. A run keeps the pool of its snapshot: a reload that changes or removes
/// the pool does not reach what is under way.
/// </summary>
/// <param name="Name">The pool's name.</param>
/// <param name="Config">Its settings.</param>
/// <param name="Cluster">YARP's part: the HTTP client and how requests are made.</param>
/// <param name="Destinations">Its servers.</param>
internal sealed record ModelPool(string Name, PoolConfig Config, ClusterModel Cluster, IReadOnlyList<PoolDestination> Destinations)
{
    public PoolDialect Dialect { get; } = PoolDialect.Of(Config.Api);

    /// <summary>Path of the endpoint on every server.</summary>
    public string Path { get; } = Config.Path ?? PoolDialect.Of(Config.Api).DefaultPath;

    /// <summary>Whether a request sent to it now has a server to go to.</summary>
    public bool IsAvailable
    {
        get
        {
            foreach (var destination in Destinations)
            {
                if (destination.State.IsAvailable) return true;
            }

            return false;
        }
    }
}
