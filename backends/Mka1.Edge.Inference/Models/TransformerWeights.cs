using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Models;

/// <summary>All weights of a model. <see cref="Output"/> is <see cref="Embedding"/> itself when they are tied.</summary>
internal sealed record TransformerWeights(
    ModelConfig Config,
    Matrix Embedding,
    TransformerLayer[] Layers,
    float[] FinalNorm,
    Matrix Output,
    RotaryTable Rotary)
{
    public long Parameters => Matrices.Sum(matrix => matrix.Parameters) + NormParameters;

    public long Bytes => Matrices.Sum(matrix => matrix.Bytes) + (NormParameters * sizeof(float));

    private long NormParameters => ((2L * Layers.Length) + 1) * Config.HiddenSize;

    private IEnumerable<Matrix> Matrices =>
        Layers.SelectMany(MatricesOf).Append(Embedding).Concat(ReferenceEquals(Output, Embedding) ? [] : [Output]);

    private static IEnumerable<Matrix> MatricesOf(TransformerLayer layer)
    {
        Matrix[] attention = [layer.Query, layer.Key, layer.Value, layer.AttentionOutput];
        return attention.Concat(layer.FeedForward switch
        {
            FeedForward.SwiGlu dense => MatricesOf(dense),
            FeedForward.Mixture mixture => mixture.Experts.SelectMany(MatricesOf).Append(mixture.Router),
            _ => [],
        });
    }

    private static Matrix[] MatricesOf(FeedForward.SwiGlu dense) => [dense.Gate, dense.Up, dense.Down];
}
