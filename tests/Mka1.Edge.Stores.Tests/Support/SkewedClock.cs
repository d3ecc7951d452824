namespace Mka1.Edge.Stores.Tests.Support;

/// <summary>The system's clock on a machine whose time of day is wrong.</summary>
internal sealed class SkewedClock : TimeProvider
{
    public TimeSpan Skew { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Skew;
}
