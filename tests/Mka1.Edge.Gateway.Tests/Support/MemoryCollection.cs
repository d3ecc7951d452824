namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>Tests that measure the memory of the process: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryCollection
{
    public const string Name = "memory";
}
