using System.Collections.Concurrent;
using Mka1.Edge.Policies.Balancing;

namespace Mka1.Edge.Gateway.Forwarding.Destinations;

/// <summary>
/// What is known of every model server, under its pool, name and address: a configuration that names it again finds what has been
/// learnt of it, and one that moves it to another address begins anew.
/// </summary>
internal sealed class DestinationRegistry(TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Pool, string Destination, string Address), ServerState> _states = new();
    private readonly ConcurrentDictionary<string, RetryBudget> _retries = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The pools of the configuration that was taken up last.</summary>
    public IReadOnlyList<ModelPool> Pools { get; private set; } = [];

    /// <summary>The state of a server; a new one when it is named for the first time.</summary>
    public ServerState Of(string pool, string destination, string address) => _states.GetOrAdd(Key(pool, destination, address), static _ => new ServerState());

    /// <summary>The retries of a pool.</summary>
    public RetryBudget RetriesOf(string pool) => _retries.GetOrAdd(pool, static _ => new RetryBudget());

    /// <summary>Whether a request may go to a destination now.</summary>
    public bool Admits(PoolDestination destination) => destination.Admits(clock.Now());

    /// <summary>Takes note of the pools in use, and forgets servers that none of them names and nothing is under way at.</summary>
    public void Keep(IReadOnlyList<ModelPool> pools)
    {
        Pools = pools;
        var named = pools.SelectMany(pool => pool.Destinations.Select(d => Key(pool.Name, d.Name, d.Address))).ToHashSet();
        foreach (var (key, state) in _states)
        {
            if (state.Outstanding == 0 && !named.Contains(key)) _states.TryRemove(key, out _);
        }

        foreach (var pool in _retries.Keys.Except(pools.Select(pool => pool.Name), StringComparer.OrdinalIgnoreCase)) _retries.TryRemove(pool, out _);
    }

    /// <summary>YARP tells names apart without regard to case.</summary>
    private static (string Pool, string Destination, string Address) Key(string pool, string destination, string address) =>
        (pool.ToUpperInvariant(), destination.ToUpperInvariant(), address);
}
