namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>The ways in which a response can be asked for.</summary>
public enum RunKind
{
    UnstoredJson,
    UnstoredStream,
    Json,
    Stream,
    Background,
    BackgroundStream,
}
