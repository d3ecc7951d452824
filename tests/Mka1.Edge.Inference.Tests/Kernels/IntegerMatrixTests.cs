using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Tests.Kernels;

/// <summary>Promise: products of packed weights give the same bits on every instruction path, and however the work is cut: those of the plain sums below.</summary>
public sealed class IntegerMatrixTests
{
    public static IEnumerable<object[]> Paths =>
        from path in KernelPaths.Integers from bits in new[] { 8, 4 } from size in new[] { 32, 64, 128 } select new object[] { path.ToString(), bits, size };

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_path_gives_the_bits_of_the_plain_sums(string path, int bits, int group)
    {
        foreach (var (outputs, inputs, count) in Shapes(group))
        {
            var (values, scales, packed) = new RandomWeights(outputs + inputs).Packed(bits, group, outputs, inputs);
            var matrix = Matrices.Integer(packed, Enum.Parse<IntegerPath>(path));
            var x = new RandomWeights(5).Floats(count * inputs, 3);
            var expected = Plain(values, scales, x, group, outputs, inputs, count);

            Assert.Equal(expected, Multiply(matrix, x, count, [0, outputs]));
            Assert.Equal(expected, Multiply(matrix, x, count, [0, outputs / 3, outputs / 2, outputs]));
            var alone = Enumerable.Range(0, count).SelectMany(t => Multiply(matrix, x[(t * inputs)..((t + 1) * inputs)], 1, [0, outputs])).ToArray();
            Assert.Equal(expected, alone);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Rounded_activations_cost_less_than_one_part_in_a_hundred(string path, int bits, int group)
    {
        const int Outputs = 16, Inputs = 512;
        var (_, _, packed) = new RandomWeights(6).Packed(bits, group, Outputs, Inputs);
        var x = new RandomWeights(7).Floats(Inputs);
        var exact = Multiply(Matrices.WeightOnly(packed), x, 1, [0, Outputs]);
        var rounded = Multiply(Matrices.Integer(packed, Enum.Parse<IntegerPath>(path)), x, 1, [0, Outputs]);
        var error = exact.Zip(rounded, (a, b) => (double)(a - b) * (a - b)).Sum();
        Assert.InRange(error / exact.Sum(a => (double)a * a), 1e-12, 1e-4);
    }

    [Theory]
    [InlineData(8, 32)]
    [InlineData(8, 128)]
    [InlineData(4, 32)]
    [InlineData(4, 64)]
    public void Activations_that_stay_floats_give_what_unpacked_weights_give(int bits, int group)
    {
        const int Outputs = 21, Inputs = 384, Count = 6;
        var (values, scales, packed) = new RandomWeights(8).Packed(bits, group, Outputs, Inputs);
        var floats = WeightMemory.Allocate<float>(Outputs * Inputs);
        for (var i = 0; i < floats.Length; i++)
            floats[i] = values[i] * scales[i / group];
        var row = new float[Inputs];
        var x = new RandomWeights(9).Floats(Count * Inputs);
        foreach (var path in KernelPaths.Floats)
        {
            var matrix = Matrices.WeightOnly(packed, path);
            Assert.Equal(Multiply(Matrices.Float32(WeightMemory.Of<float>(floats), Outputs, Inputs, path), x, Count, [0, Outputs]), Multiply(matrix, x, Count, [0, 7, Outputs]));
            matrix.CopyRow(20, row);
            Assert.Equal(floats[(20 * Inputs)..], row);
        }
    }

    [Fact]
    public void Zeros_and_numbers_beyond_measure_stay_what_they_are()
    {
        var (_, _, packed) = new RandomWeights(10).Packed(8, 64, 4, 64);
        var matrix = Matrices.Integer(packed);
        Assert.All(Multiply(matrix, new float[64], 1, [0, 4]), value => Assert.Equal(0, value));
        Assert.All(Multiply(matrix, [.. Enumerable.Repeat(1e-38f, 64)], 1, [0, 4]), value => Assert.Equal(0, value));
        Assert.All(Multiply(matrix, [float.NaN, .. new float[63]], 1, [0, 4]), value => Assert.True(float.IsNaN(value)));
        Assert.All(Multiply(matrix, [float.PositiveInfinity, .. new float[63]], 1, [0, 4]), value => Assert.False(float.IsFinite(value)));
    }

    [Fact]
    public void Bounds_are_checked_before_memory_is_touched()
    {
        var (_, _, packed) = new RandomWeights(11).Packed(8, 64, 4, 64);
        var matrix = Matrices.Integer(packed);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Multiply(new float[64], new PreparedVectors(), new float[4], 1, 0, 4));
        Assert.Throws<ArgumentException>(() => new PackedWeights(packed.Values, packed.Scales, 8, 48, 4, 64));
        Assert.Throws<ArgumentException>(() => new PackedWeights(packed.Values, packed.Scales, 8, 32, 8, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PackedWeights(packed.Values, packed.Scales, 4, 64, 4, 64));
    }

    private static IEnumerable<(int Outputs, int Inputs, int Count)> Shapes(int group)
    {
        var random = new Random(group);
        yield return (1, Math.Max(64, group), 1);
        yield return (8, Math.Max(64, group), 4);
        for (var i = 0; i < 12; i++)
            yield return (random.Next(1, 75), random.Next(1, 5) * Math.Max(64, group), random.Next(1, 11));
    }

    private static float[] Multiply(Matrix matrix, float[] x, int count, int[] cuts)
    {
        var prepared = new PreparedVectors();
        matrix.Prepare(x, count, prepared);
        var y = new float[count * matrix.Outputs];
        for (var i = 1; i < cuts.Length; i++)
            matrix.Multiply(x, prepared, y, count, cuts[i - 1], cuts[i]);
        return y;
    }

    // The definition, with nothing clever in it: blocks of 64 (32 in groups of 32), eight sums by column / 4 mod 8.
    private static float[] Plain(int[] weights, float[] scales, float[] x, int group, int outputs, int inputs, int count)
    {
        var block = Math.Min(group, 64);
        var y = new float[count * outputs];
        for (var t = 0; t < count; t++)
        {
            for (var row = 0; row < outputs; row++)
            {
                var lanes = new float[8];
                for (var from = 0; from < inputs; from += block)
                {
                    var part = x.AsSpan((t * inputs) + from, block);
                    var largest = 0f;
                    foreach (var value in part)
                        largest = Math.Max(largest, Math.Abs(value));
                    var sums = new int[8];
                    for (var i = 0; i < block; i++)
                        sums[i / 4 % 8] += weights[(row * inputs) + from + i] * (int)MathF.Round(part[i] * (127 / largest));
                    var scale = scales[((row * inputs) + from) / group] * (largest / 127);
                    for (var lane = 0; lane < 8; lane++)
                        lanes[lane] = MathF.FusedMultiplyAdd(sums[lane], scale, lanes[lane]);
                }
                y[(t * outputs) + row] = (lanes[0] + lanes[4] + (lanes[2] + lanes[6])) + (lanes[1] + lanes[5] + (lanes[3] + lanes[7]));
            }
        }
        return y;
    }
}
