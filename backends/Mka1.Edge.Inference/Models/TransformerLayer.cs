namespace Mka1.Edge.Inference.Models;

/// <summary>The weights of one block. <see cref="QueryNorm"/> and <see cref="KeyNorm"/> [head size] are for <see cref="HeadNorm"/>, null in most families.</summary>
internal sealed record TransformerLayer(
    float[] AttentionNorm,
    Projection Query,
    Projection Key,
    Projection Value,
    Projection AttentionOutput,
    float[]? QueryNorm,
    float[]? KeyNorm,
    float[] FeedForwardNorm,
    FeedForward FeedForward)
{
    /// <summary>All matrices of the block with their biases.</summary>
    public IEnumerable<Projection> Projections => [Query, Key, Value, AttentionOutput, .. ProjectionsOf(FeedForward)];

    /// <summary>Weights of all norms of the block.</summary>
    public long NormParameters => AttentionNorm.Length + FeedForwardNorm.Length + (QueryNorm?.Length ?? 0) + (KeyNorm?.Length ?? 0);

    private static IEnumerable<Projection> ProjectionsOf(FeedForward feedForward) => feedForward switch
    {
        FeedForward.SwiGlu dense => [dense.Gate, dense.Up, dense.Down],
        FeedForward.Mixture mixture =>
        [
            .. mixture.Experts.SelectMany(ProjectionsOf),
            new Projection(mixture.Router, null),
            .. mixture.Shared is { } shared ? [.. ProjectionsOf(shared.Expert), new Projection(shared.Gate, null)] : Array.Empty<Projection>(),
        ],
        _ => [],
    };
}
