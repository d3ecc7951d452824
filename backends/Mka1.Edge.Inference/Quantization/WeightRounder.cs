using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Quantization;

/// <summary>Rounds one matrix, rows in parallel, into the layout of <see cref="PackedWeights"/>.</summary>
internal sealed class WeightRounder(int bits, int groupSize)
{
    /// <summary>Rounds a matrix.</summary>
    /// <param name="source">[outputs, inputs] of <paramref name="type"/></param>
    /// <param name="type">F32, F16 or BF16.</param>
    /// <param name="outputs">Rows.</param>
    /// <param name="inputs">Columns.</param>
    public (byte[] Values, float[] Scales, double RelativeError) Round(WeightMemory source, TensorType type, int outputs, int inputs)
    {
        var values = new byte[(long)outputs * inputs * bits / 8];
        var scales = new float[(long)outputs * (inputs / groupSize)];
        var errors = new double[outputs];
        var sizes = new double[outputs];
        Parallel.For(0, outputs, () => (Row: new float[inputs], Rounded: new sbyte[inputs]), (row, _, buffers) =>
        {
            Read(source, type, (long)row * inputs, buffers.Row);
            var rowScales = scales.AsSpan(row * (inputs / groupSize), inputs / groupSize);
            for (var g = 0; g < rowScales.Length; g++)
            {
                var group = buffers.Row.AsSpan(g * groupSize, groupSize);
                var rounded = buffers.Rounded.AsSpan(g * groupSize, groupSize);
                rowScales[g] = GroupRounder.Round(group, bits, rounded);
                for (var i = 0; i < groupSize; i++)
                {
                    var error = group[i] - (rounded[i] * rowScales[g]);
                    errors[row] += (double)error * error;
                    sizes[row] += (double)group[i] * group[i];
                }
            }
            Pack(buffers.Rounded, values.AsSpan((int)((long)row * inputs * bits / 8), inputs * bits / 8));
            return buffers;
        }, _ => { });
        GC.KeepAlive(source);
        return (values, scales, sizes.Sum() == 0 ? 0 : Math.Sqrt(errors.Sum() / sizes.Sum()));
    }

    private void Pack(ReadOnlySpan<sbyte> values, Span<byte> packed)
    {
        if (bits == 8)
        {
            MemoryMarshal.AsBytes(values).CopyTo(packed);
            return;
        }
        for (var i = 0; i < packed.Length; i++)
        {
            var column = (i / PackedWeights.Chunk * PackedWeights.Block) + (i % PackedWeights.Chunk);
            packed[i] = (byte)((values[column] + 8) | ((values[column + PackedWeights.Chunk] + 8) << 4));
        }
    }

    private static unsafe void Read(WeightMemory source, TensorType type, long first, float[] row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = type switch
            {
                TensorType.F32 => Unsafe.ReadUnaligned<float>(source.Address + ((first + i) * sizeof(float))),
                TensorType.F16 => (float)Unsafe.ReadUnaligned<Half>(source.Address + ((first + i) * sizeof(ushort))),
                _ => BitConverter.UInt32BitsToSingle((uint)Unsafe.ReadUnaligned<ushort>(source.Address + ((first + i) * sizeof(ushort))) << 16),
            };
        }
    }
}
