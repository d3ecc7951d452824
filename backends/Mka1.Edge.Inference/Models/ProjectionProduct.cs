using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Models;

/// <summary>Products with a <see cref="Projection"/>, written like those with a matrix.</summary>
internal static class ProjectionProduct
{
    /// <summary><c>y = x · matrixᵀ + bias</c> for <paramref name="count"/> vectors.</summary>
    public static void Compute(this MatrixProduct product, Projection projection, float[] x, float[] y, int count)
    {
        product.Compute(projection.Matrix, x, y, count);
        projection.AddBias(y, count);
    }
}
