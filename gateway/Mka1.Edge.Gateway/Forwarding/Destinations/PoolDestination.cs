namespace Mka1.Edge.Gateway.Forwarding.Destinations;

/// <summary>A model server as a pool of one configuration has it.</summary>
/// <param name="Name">Its name in the pool.</param>
/// <param name="Address">Base address.</param>
/// <param name="ApiKey">The gateway's own credential for it; null for none.</param>
/// <param name="State">What is known of it now, whichever configuration named it first.</param>
internal sealed record PoolDestination(string Name, string Address, string? ApiKey, ServerState State);
