using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Models;

/// <summary>A matrix, and the bias [outputs] added to its product where the model has one.</summary>
internal sealed record Projection(Matrix Matrix, float[]? Bias)
{
    public long Parameters => Matrix.Parameters + (Bias?.Length ?? 0);

    /// <summary>Bytes of weights, scales and bias.</summary>
    public long Bytes => Matrix.Bytes + ((Bias?.Length ?? 0L) * sizeof(float));

    /// <summary>Adds the bias, if any, to <paramref name="count"/> products [count, outputs].</summary>
    public void AddBias(float[] y, int count)
    {
        if (Bias is null)
            return;
        for (var t = 0; t < count; t++)
        {
            var row = y.AsSpan(t * Bias.Length, Bias.Length);
            System.Numerics.Tensors.TensorPrimitives.Add(row, Bias, row);
        }
    }
}
