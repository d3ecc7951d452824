using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Models;

/// <summary>The weights of one block.</summary>
internal sealed record TransformerLayer(
    float[] AttentionNorm,
    Matrix Query,
    Matrix Key,
    Matrix Value,
    Matrix AttentionOutput,
    float[] FeedForwardNorm,
    FeedForward FeedForward);
