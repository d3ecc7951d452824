namespace Mka1.Edge.LoadTests.Comparison;

/// <summary>What was measured of one side, a sample a round.</summary>
internal sealed class SideSamples
{
    /// <summary>As many requests without a stream as it can take.</summary>
    public List<Sample> Json { get; } = [];

    /// <summary>As many streams as it can take.</summary>
    public List<Sample> Sse { get; } = [];

    /// <summary>Requests without a stream at a fixed rate.</summary>
    public List<Sample> Paced { get; } = [];

    public IEnumerable<Sample> All => [.. Json, .. Sse, .. Paced];
}
