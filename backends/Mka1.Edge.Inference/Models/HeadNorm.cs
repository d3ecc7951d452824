using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Models;

/// <summary>RMSNorm of each query or key head by itself, before the rotation (Qwen3).</summary>
internal static class HeadNorm
{
    /// <summary>Normalises heads [.., head size] in place; does nothing for models without such a norm.</summary>
    public static void Apply(float[]? weight, Span<float> heads, float epsilon)
    {
        if (weight is null)
            return;
        for (; !heads.IsEmpty; heads = heads[weight.Length..])
            VectorMath.RmsNorm(heads[..weight.Length], weight, epsilon, heads[..weight.Length]);
    }
}
