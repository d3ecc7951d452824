namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>
/// One thing that a client or an operator does. A run is named by a number, which is taken modulo the runs there are; a replica
/// likewise. So a list of steps means something whatever is left out of it, as shrinking does.
/// </summary>
internal abstract record Step
{
    /// <summary>Asks for a response; a stream's creator leaves after so many events, or stays to the end with -1.</summary>
    public sealed record Create(RunKind Kind, int Deltas, int DelayMs, int Leave, int At) : Step;

    /// <summary>Reads a stream from behind an event on, and leaves after so many events, or never with -1.</summary>
    public sealed record Read(int Run, int After, int Leave, int At) : Step;

    public sealed record Get(int Run, int At) : Step;

    public sealed record Cancel(int Run, int At) : Step;

    public sealed record Delete(int Run, int At) : Step;

    public sealed record List(int At) : Step;

    public sealed record Wait(int Milliseconds) : Step;

    /// <summary>A replica is killed, and started again at once.</summary>
    public sealed record Kill(int At) : Step;
}
