using System.Numerics;
using System.Runtime.Intrinsics;
using Mka1.Edge.Inference.Kernels.Floats;
using Mka1.Edge.Inference.Kernels.Integers;

namespace Mka1.Edge.Inference.Kernels;

/// <summary>Makes matrices for this machine, or for the instructions a test names.</summary>
internal static unsafe class Matrices
{
    /// <summary>Weights as 32-bit floats.</summary>
    public static Matrix Float32(WeightMemory memory, int outputs, int inputs, FloatPath? path = null)
    {
        Check(memory, (long)outputs * inputs * sizeof(float));
        return (path ?? KernelPaths.Floats[0]) == FloatPath.Vector512
            ? Float32<Vector512<float>, Lanes512>(memory, outputs, inputs)
            : Float32<Vector<float>, PortableLanes>(memory, outputs, inputs);
    }

    /// <summary>Weights as bfloat16.</summary>
    public static Matrix BFloat16(WeightMemory memory, int outputs, int inputs, FloatPath? path = null)
    {
        var rows = new BFloat16Row((ushort*)Check(memory, (long)outputs * inputs * sizeof(ushort)).Address);
        return (path ?? KernelPaths.Floats[0]) == FloatPath.Vector512
            ? new FloatMatrix<Vector512<float>, Lanes512, BFloat16Row>(memory, rows, outputs, inputs)
            : new FloatMatrix<Vector<float>, PortableLanes, BFloat16Row>(memory, rows, outputs, inputs);
    }

    /// <summary>Weights of 8 or 4 bits whose activations are rounded to bytes: whole-number products.</summary>
    public static Matrix Integer(PackedWeights weights, IntegerPath? path = null) => (path ?? KernelPaths.Integers[0]) switch
    {
        IntegerPath.AvxVnni => Integer<VnniDot>(weights),
        IntegerPath.Avx2 => Integer<Avx2Dot>(weights),
        IntegerPath.ArmDot => Integer<ArmDot>(weights),
        _ => Integer<PortableDot>(weights),
    };

    /// <summary>Weights of 8 or 4 bits whose activations stay floats, for models that do not bear rounded ones.</summary>
    public static Matrix WeightOnly(PackedWeights weights, FloatPath? path = null) => (path ?? KernelPaths.Floats[0]) == FloatPath.Vector512
        ? new WeightOnlyMatrix<Vector512<float>, Lanes512>(weights)
        : new WeightOnlyMatrix<Vector<float>, PortableLanes>(weights);

    private static FloatMatrix<TVector, TLanes, Float32Row<TVector, TLanes>> Float32<TVector, TLanes>(WeightMemory memory, int outputs, int inputs)
        where TVector : unmanaged
        where TLanes : struct, ILanes<TVector> => new(memory, new Float32Row<TVector, TLanes>((float*)memory.Address), outputs, inputs);

    private static Matrix Integer<TDot>(PackedWeights weights)
        where TDot : struct, IByteDot => (weights.Bits, weights.GroupSize) switch
    {
        (8, PackedWeights.Chunk) => new IntegerMatrix<TDot, Int8Blocks, ChunkGroups>(weights),
        (8, _) => new IntegerMatrix<TDot, Int8Blocks, BlockGroups>(weights),
        (_, PackedWeights.Chunk) => new IntegerMatrix<TDot, Int4Blocks, ChunkGroups>(weights),
        _ => new IntegerMatrix<TDot, Int4Blocks, BlockGroups>(weights),
    };

    private static WeightMemory Check(WeightMemory memory, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(memory.Bytes, bytes, nameof(memory));
        return memory;
    }
}
