namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>One cluster for all: its tests go one after the other, and each leaves it in order or heals it first.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClusterCollection : ICollectionFixture<Cluster>
{
    public const string Name = "cluster";
}
