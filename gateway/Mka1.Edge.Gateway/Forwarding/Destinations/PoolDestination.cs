using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Policies.Balancing;

namespace Mka1.Edge.Gateway.Forwarding.Destinations;

/// <summary>A model server as a pool of one configuration has it.</summary>
internal sealed class PoolDestination(string name, DestinationConfig config, CircuitSettings? circuit, ServerState state)
{
    /// <summary>Its name in the pool.</summary>
    public string Name { get; } = name;

    /// <summary>Base address.</summary>
    public string Address { get; } = config.Address;

    /// <summary>The gateway's own credential for it; null for none.</summary>
    public string? ApiKey { get; } = config.ApiKey;

    /// <summary>Its share of the work; 0 for none.</summary>
    public int Weight { get; } = config.Weight;

    /// <summary>What tells it from others when requests are kept together.</summary>
    public ulong Id { get; } = Affinity.IdOf(name);

    /// <summary>When it is left out for its answers; null for never.</summary>
    public CircuitSettings? Circuit { get; } = circuit;

    /// <summary>What is known of it now, whichever configuration named it first.</summary>
    public ServerState State { get; } = state;

    /// <summary>Whether it is taken out: by an operator at this replica, else by the configuration.</summary>
    public bool IsDrained => State.Drain ?? config.Drain;

    /// <summary>Whether the configuration takes it out.</summary>
    public bool IsDrainedByConfiguration => config.Drain;

    private bool TakesPart => Weight > 0 && !IsDrained;

    /// <summary>Whether a request may go there.</summary>
    public bool Admits(TimeSpan now) => TakesPart && State.Admits(now, Circuit);

    /// <summary>When a request may go there if the pool has no other; null for never.</summary>
    public TimeSpan? ReturnInNeed => TakesPart ? State.ReturnInNeed : null;
}
