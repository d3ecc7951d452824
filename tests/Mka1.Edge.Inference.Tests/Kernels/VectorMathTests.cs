using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Tests.Kernels;

public sealed class VectorMathTests
{
    [Fact]
    public void Norm_and_softmax_give_the_same_bits_wherever_the_vector_lies()
    {
        const int Length = 768;
        var random = new Random(11);
        var values = Enumerable.Range(0, Length).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();
        var weight = Enumerable.Repeat(1f, Length).ToArray();
        var norms = new List<float[]>();
        var softmaxes = new List<float[]>();
        for (var offset = 0; offset < 16; offset++)
        {
            // The place in memory modulo a vector is what differs.
            var shifted = new float[Length + 16].AsSpan(offset, Length);
            values.CopyTo(shifted);
            var normed = new float[Length];
            VectorMath.RmsNorm(shifted, weight, 1e-5f, normed);
            norms.Add(normed);
            VectorMath.Softmax(shifted);
            softmaxes.Add(shifted.ToArray());
        }

        Assert.All(norms, norm => Assert.Equal(norms[0], norm));
        Assert.All(softmaxes, softmax => Assert.Equal(softmaxes[0], softmax));
    }
}
