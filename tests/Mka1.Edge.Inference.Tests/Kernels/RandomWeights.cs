using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Tests.Kernels;

/// <summary>Random matrices and vectors, and their packed forms.</summary>
internal sealed class RandomWeights(int seed)
{
    private readonly Random _random = new(seed);

    public float[] Floats(int count, float scale = 1)
    {
        var values = WeightMemory.Allocate<float>(count);
        for (var i = 0; i < count; i++)
            values[i] = scale * ((2 * _random.NextSingle()) - 1);
        return values;
    }

    public ushort[] BFloat16(int count)
    {
        var values = WeightMemory.Allocate<ushort>(count);
        for (var i = 0; i < count; i++)
            values[i] = (ushort)(BitConverter.SingleToUInt32Bits((2 * _random.NextSingle()) - 1) >> 16);
        return values;
    }

    /// <summary>Whole numbers over the full range of the bits, extremes often among them, with the packed form of the same.</summary>
    public (int[] Values, float[] Scales, PackedWeights Packed) Packed(int bits, int group, int outputs, int inputs)
    {
        var (low, high) = bits == 8 ? (-128, 127) : (-8, 7);
        var values = new int[outputs * inputs];
        for (var i = 0; i < values.Length; i++)
            values[i] = _random.Next(8) switch { 0 => low, 1 => high, _ => _random.Next(low, high + 1) };
        var scales = Floats(outputs * inputs / group);

        var bytes = WeightMemory.Allocate<byte>(values.Length * bits / 8);
        if (bits == 8)
        {
            for (var i = 0; i < values.Length; i++)
                bytes[i] = (byte)(sbyte)values[i];
        }
        else
        {
            for (var block = 0; block < values.Length / 64; block++)
            {
                for (var j = 0; j < 32; j++)
                    bytes[(block * 32) + j] = (byte)((values[(block * 64) + j] + 8) | ((values[(block * 64) + 32 + j] + 8) << 4));
            }
        }
        return (values, scales, new PackedWeights(WeightMemory.Of<byte>(bytes), WeightMemory.Of<float>(scales), bits, group, outputs, inputs));
    }
}
