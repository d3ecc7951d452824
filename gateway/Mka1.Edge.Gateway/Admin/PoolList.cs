namespace Mka1.Edge.Gateway.Admin;

/// <summary>The pools of the configuration in use.</summary>
/// <param name="Pools">One entry a pool, by name.</param>
internal sealed record PoolList(IReadOnlyList<PoolView> Pools);
