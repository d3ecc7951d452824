using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Mka1.Edge.Inference.Kernels.Integers;

namespace Mka1.Edge.Inference.Kernels;

/// <summary>Vectors rounded to signed bytes from -127 to 127, each group of neighbours with a scale of its own.</summary>
/// <remarks>
/// <para>A block of 64 elements is a record: its bytes, then for each of its groups eight whole numbers that a product starts
/// from in place of zero. They take off again what is added to weights so that instructions for unsigned bytes can be used;
/// lane j stands for the bytes 4j to 4j + 3 of each 32.</para>
/// <para>Scales lie apart, those of the same group of all vectors side by side.</para>
/// </remarks>
internal sealed unsafe class RoundedVectors
{
    /// <summary>Partial sums a product has.</summary>
    public const int Lanes = 8;

    // Below this, 127 divided by the largest element is no longer a float; as activations such values are zero.
    private const float Smallest = 1e-30f;

    // A float this large has no fraction: adding it rounds to the nearest whole number, to even when halfway.
    private const float Rounder = 12582912f;

    private const int FloatsAtOnce = 8;

    /// <summary>[count, blocks] records of <see cref="RecordBytes"/>.</summary>
    public AlignedBuffer Records { get; } = new();

    /// <summary>[groups, count] floats.</summary>
    public AlignedBuffer Scales { get; } = new();

    /// <summary>How many vectors were rounded last.</summary>
    public int Count { get; private set; }

    /// <summary>Their length.</summary>
    public int Inputs { get; private set; }

    /// <summary>Bytes of a record of one group, or of two.</summary>
    public static int RecordBytes(int groupsInBlock) => PackedWeights.Block + (groupsInBlock * Lanes * sizeof(int));

    /// <summary>Rounds vectors.</summary>
    /// <param name="x">[count, inputs]</param>
    /// <param name="count">How many vectors.</param>
    /// <param name="inputs">Their length: whole blocks.</param>
    /// <param name="groupsInBlock">1, or 2 for groups of 32.</param>
    /// <param name="offset">What the kernel adds to each weight.</param>
    public void Round<TDot>(ReadOnlySpan<float> x, int count, int inputs, int groupsInBlock, int offset)
        where TDot : struct, IByteDot
    {
        x = x[..(count * inputs)];
        (Count, Inputs) = (count, inputs);
        var blocks = inputs / PackedWeights.Block;
        var recordBytes = RecordBytes(groupsInBlock);
        var size = PackedWeights.Block / groupsInBlock;
        Records.Reserve((long)count * blocks * recordBytes);
        Scales.Reserve((long)count * blocks * groupsInBlock * sizeof(float));
        var scales = (float*)Scales.Address;
        fixed (float* first = x)
        {
            var record = Records.Address;
            for (var t = 0; t < count; t++)
            {
                for (var b = 0; b < blocks; b++, record += recordBytes)
                {
                    var source = first + ((nint)t * inputs) + (b * PackedWeights.Block);
                    for (var g = 0; g < groupsInBlock; g++)
                    {
                        scales[(((b * groupsInBlock) + g) * count) + t] = RoundGroup<TDot>(
                            source + (g * size), (sbyte*)record + (g * size), (int*)(record + PackedWeights.Block) + (g * Lanes), size, offset);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float RoundGroup<TDot>(float* x, sbyte* values, int* starts, int size, int offset)
        where TDot : struct, IByteDot
    {
        var largest = Vector256<float>.Zero;
        for (var i = 0; i < size; i += FloatsAtOnce)
            largest = Vector256.Max(largest, Vector256.Abs(Vector256.Load(x + i)));
        var max = Largest(largest);
        var factor = max < Smallest ? 0 : 127f / max;

        var sum = Vector256<int>.Zero;
        for (var i = 0; i < size; i += PackedWeights.Chunk)
        {
            var low = Vector256.Narrow(Nearest(x + i, factor), Nearest(x + i + FloatsAtOnce, factor));
            var high = Vector256.Narrow(Nearest(x + i + (2 * FloatsAtOnce), factor), Nearest(x + i + (3 * FloatsAtOnce), factor));
            var bytes = Vector256.Narrow(low, high);
            bytes.Store(values + i);
            if (offset != 0)
                sum = TDot.Nibbles(sum, Vector256<byte>.One, bytes);
        }
        (sum * -offset).Store(starts);
        return max < Smallest ? 0 : max / 127f;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Nearest(float* x, float factor) =>
        ((Vector256.Load(x) * factor) + Vector256.Create(Rounder)).AsInt32() - Vector256.Create(BitConverter.SingleToInt32Bits(Rounder));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest(Vector256<float> lanes)
    {
        var four = Vector128.Max(lanes.GetLower(), lanes.GetUpper());
        var two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
