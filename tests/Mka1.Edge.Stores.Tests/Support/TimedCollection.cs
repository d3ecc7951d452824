namespace Mka1.Edge.Stores.Tests.Support;

/// <summary>Tests of how long something takes: they run alone, so that what they measure is not the other tests.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TimedCollection
{
    public const string Name = "timed";
}
