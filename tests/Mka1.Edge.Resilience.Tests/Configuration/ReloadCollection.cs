namespace Mka1.Edge.Resilience.Tests.Configuration;

/// <summary>By itself: its load would be a fault to others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ReloadCollection
{
    public const string Name = "reload";
}
