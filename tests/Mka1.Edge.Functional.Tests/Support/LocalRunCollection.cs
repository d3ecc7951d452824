namespace Mka1.Edge.Functional.Tests.Support;

/// <summary>Test classes that share one local run.</summary>
[CollectionDefinition(Name)]
public sealed class LocalRunCollection : ICollectionFixture<LocalRunFixture>
{
    public const string Name = "local run";
}
