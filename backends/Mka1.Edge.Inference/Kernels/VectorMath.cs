using System.Numerics;
using System.Numerics.Tensors;

namespace Mka1.Edge.Inference.Kernels;

/// <summary>The element-wise parts of a transformer.</summary>
internal static class VectorMath
{
    /// <summary><c>y = weight · x / sqrt(mean(x²) + epsilon)</c></summary>
    public static void RmsNorm(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, Span<float> y)
    {
        var scale = 1f / MathF.Sqrt((TensorPrimitives.SumOfSquares(x) / x.Length) + epsilon);
        TensorPrimitives.Multiply(x, scale, y);
        TensorPrimitives.Multiply(y, weight, y);
    }

    /// <summary><c>gate = silu(gate) · up</c></summary>
    public static void SwiGlu(Span<float> gate, ReadOnlySpan<float> up, Span<float> scratch)
    {
        TensorPrimitives.Sigmoid(gate, scratch);
        TensorPrimitives.Multiply(gate, scratch, gate);
        TensorPrimitives.Multiply(gate, up, gate);
    }

    /// <summary>Softmax in place. The maximum is taken off first, so that large scores do not overflow.</summary>
    public static void Softmax(Span<float> x)
    {
        TensorPrimitives.Subtract(x, TensorPrimitives.Max(x), x);
        TensorPrimitives.Exp(x, x);
        TensorPrimitives.Multiply(x, 1f / TensorPrimitives.Sum(x), x);
    }

    /// <summary><c>y += scale · x</c></summary>
    public static void AddScaled(ReadOnlySpan<float> x, float scale, Span<float> y) => TensorPrimitives.MultiplyAdd(x, scale, y, y);

    /// <summary>Rotates each pair (i, i + half) of a head by the angle of its position: Hugging Face's rotate_half layout.</summary>
    public static void Rotate(Span<float> head, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin)
    {
        var half = head.Length / 2;
        var first = head[..half];
        var second = head[half..];
        var i = 0;
        for (; i <= half - Vector<float>.Count; i += Vector<float>.Count)
        {
            var a = new Vector<float>(first[i..]);
            var b = new Vector<float>(second[i..]);
            var c = new Vector<float>(cos[i..]);
            var s = new Vector<float>(sin[i..]);
            ((a * c) - (b * s)).CopyTo(first[i..]);
            ((b * c) + (a * s)).CopyTo(second[i..]);
        }
        for (; i < half; i++)
        {
            var (a, b) = (first[i], second[i]);
            first[i] = (a * cos[i]) - (b * sin[i]);
            second[i] = (b * cos[i]) + (a * sin[i]);
        }
    }
}
