namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>What happens to a store.</summary>
public enum Fault
{
    /// <summary>It is killed and started again at once.</summary>
    Restarted,

    /// <summary>It stands still for three seconds, with all connections open.</summary>
    Stopped,

    /// <summary>It is killed, and started again three seconds later.</summary>
    Down,
}
