using System.Collections.Concurrent;
using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Gateway.Forwarding.Destinations;

/// <summary>
/// What is known of every model server, under its pool, name and address: a configuration that names it again finds what has been
/// learnt of it, and one that moves it to another address begins anew.
/// </summary>
internal sealed class DestinationRegistry
{
    private readonly ConcurrentDictionary<(string Pool, string Destination, string Address), ServerState> _states = new();

    /// <summary>The state of a server; a new one when it is named for the first time.</summary>
    public ServerState Of(string pool, string destination, string address) => _states.GetOrAdd(Key(pool, destination, address), static _ => new ServerState());

    /// <summary>The state of a server, when it is known.</summary>
    public ServerState? Find(string pool, string destination, string address) => _states.GetValueOrDefault(Key(pool, destination, address));

    /// <summary>Forgets servers that no configuration in use names and nothing is under way at.</summary>
    public void Keep(EdgeConfig config)
    {
        var named = config.Pools.SelectMany(pool => pool.Value.Destinations.Select(d => Key(pool.Key, d.Key, d.Value.Address))).ToHashSet();
        foreach (var (key, state) in _states)
        {
            if (state.Outstanding == 0 && !named.Contains(key)) _states.TryRemove(key, out _);
        }
    }

    /// <summary>YARP tells names apart without regard to case.</summary>
    private static (string Pool, string Destination, string Address) Key(string pool, string destination, string address) =>
        (pool.ToUpperInvariant(), destination.ToUpperInvariant(), address);
}
