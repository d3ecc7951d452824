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
    public long Parameters => Projections.Sum(projection => projection.Parameters) + NormParameters;

    public long Bytes => Projections.Sum(projection => projection.Bytes) + (NormParameters * sizeof(float));

    private long NormParameters => Layers.Sum(layer => layer.NormParameters) + FinalNorm.Length;

    private IEnumerable<Projection> Projections =>
        Layers.SelectMany(layer => layer.Projections)
            .Append(new Projection(Embedding, null))
            .Concat(ReferenceEquals(Output, Embedding) ? [] : [new Projection(Output, null)]);
}
