namespace Mka1.Edge.Inference.Kernels;

/// <summary>Which instructions a floating-point product uses.</summary>
internal enum FloatPath
{
    /// <summary>The vectors that .NET thinks best: 256 bits with AVX2, 128 with Arm NEON.</summary>
    Portable,

    /// <summary>512-bit vectors.</summary>
    Vector512,
}
