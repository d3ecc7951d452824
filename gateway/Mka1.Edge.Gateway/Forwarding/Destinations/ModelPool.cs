using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Forwarding.Dialects;
using Mka1.Edge.Policies.Balancing;
using Yarp.ReverseProxy.Model;

namespace Mka1.Edge.Gateway.Forwarding.Destinations;

/// <summary>
/// A pool ready to be sent to, as one configuration has it. A run keeps the pool of its snapshot: a reload that changes or removes
/// the pool does not reach what is under way.
/// </summary>
/// <param name="name">The pool's name.</param>
/// <param name="config">Its settings.</param>
/// <param name="cluster">YARP's part.</param>
/// <param name="destinations">Its servers.</param>
/// <param name="retries">How many requests have been sent twice lately.</param>
/// <param name="clock">For what is out for a time.</param>
internal sealed class ModelPool(
    string name, PoolConfig config, ClusterModel cluster, IReadOnlyList<PoolDestination> destinations, RetryBudget retries, TimeProvider clock)
{
    private uint _turn;

    public string Name { get; } = name;

    public PoolConfig Config { get; } = config;

    /// <summary>The HTTP client, and how requests are made.</summary>
    public ClusterModel Cluster { get; } = cluster;

    public IReadOnlyList<PoolDestination> Destinations { get; } = destinations;

    public PoolDialect Dialect { get; } = PoolDialect.Of(config.Api);

    /// <summary>Path of the endpoint on every server.</summary>
    public string Path { get; } = config.Path ?? PoolDialect.Of(config.Api).DefaultPath;

    /// <summary>Counts up from choice to choice.</summary>
    public uint NextTurn => Interlocked.Increment(ref _turn);

    /// <summary>Whether a request sent to it now has a server to go to that is known to be well, or due to be tried.</summary>
    public bool IsAvailable
    {
        get
        {
            var now = clock.Now();
            foreach (var destination in Destinations)
            {
                if (destination.Admits(now)) return true;
            }

            return false;
        }
    }

    /// <summary>A request is sent to it for the first time.</summary>
    public void Enter() => retries.Requested(clock.Now());

    /// <summary>Requests and retries of the last ten seconds.</summary>
    public (long Requests, long Retries) Sent() => retries.Used(clock.Now());

    /// <summary>Whether a server has said that it has no room, and until when.</summary>
    public bool IsLeftAlone()
    {
        var now = clock.Now();
        return Destinations.Any(destination => destination.State.IsLeftAlone(now));
    }

    /// <summary>Takes one retry out of the pool's budget.</summary>
    /// <returns>False when the budget is used up.</returns>
    public bool TryRetry() => retries.TryRetry(clock.Now(), Config.Retry.BudgetShare, Config.Retry.MinimumPerSecond);

    /// <summary>How long until a server may be tried again; null when none will without an operator, or when one may be now.</summary>
    public TimeSpan? UntilReturn()
    {
        TimeSpan? soonest = null;
        foreach (var destination in Destinations)
        {
            if (destination.ReturnInNeed is { } at && !(at >= soonest)) soonest = at;
        }

        return soonest - clock.Now() is { } wait && wait > TimeSpan.Zero ? wait : null;
    }
}
