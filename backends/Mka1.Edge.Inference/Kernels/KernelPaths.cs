using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Mka1.Edge.Inference.Kernels;

/// <summary>The instructions this machine has.</summary>
internal static class KernelPaths
{
    /// <summary>The fastest first.</summary>
    public static IReadOnlyList<FloatPath> Floats { get; } = Vector512.IsHardwareAccelerated ? [FloatPath.Vector512, FloatPath.Portable] : [FloatPath.Portable];

    /// <summary>The fastest first.</summary>
    public static IReadOnlyList<IntegerPath> Integers { get; } =
    [
        .. AvxVnni.IsSupported ? [IntegerPath.AvxVnni] : Array.Empty<IntegerPath>(),
        .. Avx2.IsSupported ? [IntegerPath.Avx2] : Array.Empty<IntegerPath>(),
        .. Dp.IsSupported ? [IntegerPath.ArmDot] : Array.Empty<IntegerPath>(),
        IntegerPath.Portable,
    ];
}
