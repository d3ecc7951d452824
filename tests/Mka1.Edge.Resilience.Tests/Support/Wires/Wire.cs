namespace Mka1.Edge.Resilience.Tests.Support.Wires;

/// <summary>A fault for as long as it lasts.</summary>
internal sealed class Wire(WireFault fault)
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WireFault Fault => fault;

    /// <summary>Complete when another fault, or none, has taken its place.</summary>
    public Task Over => _over.Task;

    public void End() => _over.TrySetResult();

    /// <summary>What it does to bytes on that way.</summary>
    public WireFault On(Way way) => (fault.Way & way) != 0 ? fault : FaultProxy.Well;
}
