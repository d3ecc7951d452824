using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Mka1.Edge.Inference.Kernels.Integers;

namespace Mka1.Edge.Inference.Kernels;

/// <summary>
/// Weights of 8 or 4 bits, each group of neighbours in a row with a scale of its own: a weight is <c>value · scale</c>.
/// </summary>
/// <remarks>
/// Eight bits: signed bytes, row after row. Four bits: values from -8 to 7 with 8 added, in blocks of 64 columns that take 32
/// bytes: byte j holds column j in its lower half and column j + 32 in its upper one, so that one mask and one shift give 32
/// neighbours each.
/// </remarks>
internal sealed unsafe class PackedWeights
{
    /// <summary>Columns that are loaded together: rows are whole blocks.</summary>
    public const int Block = 64;

    /// <summary>Half a block: the smallest group.</summary>
    public const int Chunk = 32;

    /// <param name="values">[outputs, inputs · bits / 8] bytes</param>
    /// <param name="scales">[outputs, inputs / groupSize] floats</param>
    /// <param name="bits">8 or 4.</param>
    /// <param name="groupSize">32, 64 or a larger power of two that divides <paramref name="inputs"/>.</param>
    /// <param name="outputs">Rows.</param>
    /// <param name="inputs">Columns: a multiple of 64.</param>
    public PackedWeights(WeightMemory values, WeightMemory scales, int bits, int groupSize, int outputs, int inputs)
    {
        if (bits is not (8 or 4) || !Fits(groupSize, inputs))
            throw new ArgumentException($"{bits} bits in groups of {groupSize} do not fit rows of {inputs}.", nameof(groupSize));
        (Values, Scales, Bits, GroupSize, Outputs, Inputs) = (values, scales, bits, groupSize, outputs, inputs);
        GroupsInRow = inputs / groupSize;
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Bytes, outputs * RowBytes, nameof(values));
        ArgumentOutOfRangeException.ThrowIfNotEqual(scales.Bytes, (long)outputs * GroupsInRow * sizeof(float), nameof(scales));
    }

    public WeightMemory Values { get; }

    public WeightMemory Scales { get; }

    public int Bits { get; }

    public int GroupSize { get; }

    public int Outputs { get; }

    public int Inputs { get; }

    public int GroupsInRow { get; }

    public long RowBytes => (long)Inputs * Bits / 8;

    /// <summary>Whether rows of this length can be cut into groups of this size.</summary>
    public static bool Fits(int groupSize, int inputs) => groupSize >= Chunk && int.IsPow2(groupSize) && inputs % Block == 0 && inputs % groupSize == 0;

    /// <summary>The scales of a row.</summary>
    public float* ScalesOf(int row) => (float*)Scales.Address + ((nint)row * GroupsInRow);

    /// <summary>A row as floats, each rounded once.</summary>
    public void Unpack(int row, Span<float> destination)
    {
        var values = Values.Address + (row * RowBytes);
        var scales = ScalesOf(row);
        for (var group = 0; group < GroupsInRow; group++, scales++)
        {
            var scale = Unsafe.ReadUnaligned<float>(scales);
            for (var i = group * GroupSize; i < (group + 1) * GroupSize; i += Chunk)
                UnpackChunk(values, i, scale, destination.Slice(i, Chunk));
        }
        GC.KeepAlive(this);
    }

    private void UnpackChunk(byte* values, int column, float scale, Span<float> destination)
    {
        Vector256<sbyte> bytes;
        if (Bits == 8)
        {
            bytes = Vector256.Load((sbyte*)values + column);
        }
        else
        {
            var (low, high) = Int4Blocks.Load(values + (column / Block * Chunk));
            bytes = (column % Block == 0 ? low : high).AsSByte() - Vector256.Create((sbyte)8);
        }
        var (a, b) = Vector256.Widen(bytes);
        var (a0, a1) = Vector256.Widen(a);
        var (b0, b1) = Vector256.Widen(b);
        (Vector256.ConvertToSingle(a0) * scale).CopyTo(destination);
        (Vector256.ConvertToSingle(a1) * scale).CopyTo(destination[8..]);
        (Vector256.ConvertToSingle(b0) * scale).CopyTo(destination[16..]);
        (Vector256.ConvertToSingle(b1) * scale).CopyTo(destination[24..]);
    }
}
