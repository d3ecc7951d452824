namespace Mka1.Edge.Local;

/// <summary>Where the local run keeps its state.</summary>
public enum LocalStores
{
    /// <summary>In the gateway.</summary>
    Memory,

    /// <summary>In Redis and Postgres servers of its own.</summary>
    Local,
}
