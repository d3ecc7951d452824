namespace Mka1.Edge.Resilience.Tests.Support.Wires;

/// <summary>How a <see cref="FaultProxy"/> ends a connection.</summary>
public enum Ending
{
    /// <summary>In order, as a process does that closes its sockets.</summary>
    Fin,

    /// <summary>With a reset, as a process does that dies with bytes unread.</summary>
    Reset,

    /// <summary>Without a word: both ends go on believing in it, as when a machine loses its power.</summary>
    Silence,
}
