namespace Mka1.Edge.Resilience.Tests.Support.Wires;

/// <summary>Which bytes on a connection are meant.</summary>
[Flags]
public enum Way
{
    None = 0,

    /// <summary>What the one who connected says.</summary>
    ToServer = 1,

    /// <summary>What the one who was connected to says.</summary>
    ToClient = 2,

    Both = ToServer | ToClient,
}
