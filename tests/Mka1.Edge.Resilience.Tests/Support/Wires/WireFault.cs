namespace Mka1.Edge.Resilience.Tests.Support.Wires;

/// <summary>What a <see cref="FaultProxy"/> does to the bytes that pass it, on open connections and on new ones.</summary>
/// <param name="Way">The bytes it does it to.</param>
internal abstract record WireFault(Way Way)
{
    /// <summary>Bytes pass as they come.</summary>
    public sealed record Nothing() : WireFault(Way.None);

    /// <summary>Bytes, ends and new connections wait, and go on when the fault is over.</summary>
    public sealed record Stall(Way Way = Way.Both) : WireFault(Way);

    /// <summary>Bytes and ends are taken and are gone: a connection that had any stays silent that way for ever.</summary>
    public sealed record Swallow(Way Way = Way.Both) : WireFault(Way);

    /// <summary>Bytes arrive later.</summary>
    public sealed record Delay(TimeSpan By, Way Way = Way.Both) : WireFault(Way);

    /// <summary>No more bytes than that pass in a second, a few at a time.</summary>
    public sealed record Throttle(int BytesPerSecond, Way Way = Way.Both) : WireFault(Way);

    /// <summary>Bytes pass in pieces of this length.</summary>
    public sealed record Slice(int Bytes, Way Way = Way.Both) : WireFault(Way);

    /// <summary>One bit is turned in every so many bytes, the first time in the byte at that place.</summary>
    public sealed record Corrupt(int Every, Way Way = Way.ToClient) : WireFault(Way);

    /// <summary>Each connection ends as soon as it is to pass more bytes than that.</summary>
    public sealed record Cut(long After, Ending How, Way Way = Way.ToClient) : WireFault(Way);
}
