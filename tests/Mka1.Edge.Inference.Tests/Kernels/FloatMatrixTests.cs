using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Tests.Kernels;

/// <summary>Promise: products of float weights are right on every instruction path, and the same bits however the work is cut.</summary>
public sealed class FloatMatrixTests
{
    public static IEnumerable<object[]> Paths => from path in KernelPaths.Floats from half in new[] { false, true } select new object[] { path.ToString(), half };

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_product_agrees_with_one_in_double_precision(string path, bool half)
    {
        foreach (var (outputs, inputs, count) in Shapes(seed: 1))
        {
            var (matrix, weights) = Create(path, half, outputs, inputs);
            var x = new RandomWeights(3).Floats(count * inputs);
            var y = Multiply(matrix, x, count, [0, outputs]);
            for (var t = 0; t < count; t++)
            {
                for (var row = 0; row < outputs; row++)
                {
                    double sum = 0, size = 0;
                    for (var i = 0; i < inputs; i++)
                    {
                        sum += (double)weights[(row * inputs) + i] * x[(t * inputs) + i];
                        size += Math.Abs((double)weights[(row * inputs) + i] * x[(t * inputs) + i]);
                    }
                    Assert.True(Math.Abs(sum - y[(t * outputs) + row]) <= 1e-6 * size, $"{outputs}x{inputs}, vector {t}, row {row}: {y[(t * outputs) + row]}, expected {sum}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Neither_neighbours_nor_row_ranges_show_in_the_bits(string path, bool half)
    {
        foreach (var (outputs, inputs, count) in Shapes(seed: 2))
        {
            var (matrix, _) = Create(path, half, outputs, inputs);
            var x = new RandomWeights(4).Floats(count * inputs);
            var alone = Enumerable.Range(0, count).SelectMany(t => Multiply(matrix, x[(t * inputs)..((t + 1) * inputs)], 1, [0, outputs])).ToArray();
            Assert.Equal(alone, Multiply(matrix, x, count, [0, outputs]));
            Assert.Equal(alone, Multiply(matrix, x, count, [0, outputs / 3, outputs / 2, outputs]));
        }
    }

    [Fact]
    public void Bounds_are_checked_before_memory_is_touched()
    {
        var (matrix, _) = Create(nameof(FloatPath.Portable), false, 4, 8);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Multiply(new float[7], new PreparedVectors(), new float[4], 1, 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Multiply(new float[8], new PreparedVectors(), new float[3], 1, 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Multiply(new float[8], new PreparedVectors(), new float[4], 1, 0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.CopyRow(4, new float[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Matrices.Float32(WeightMemory.Of<float>(new float[31]), 4, 8));
    }

    /// <summary>Sizes on either side of every tail: rows by eights and fours, columns by vectors, vectors by fours.</summary>
    private static IEnumerable<(int Outputs, int Inputs, int Count)> Shapes(int seed)
    {
        var random = new Random(seed);
        yield return (1, 1, 1);
        yield return (8, 16, 4);
        for (var i = 0; i < 25; i++)
            yield return (random.Next(1, 80), random.Next(1, 200), random.Next(1, 11));
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

    private static (Matrix Matrix, float[] Weights) Create(string path, bool half, int outputs, int inputs)
    {
        var random = new RandomWeights((outputs * 1000) + inputs);
        var chosen = Enum.Parse<FloatPath>(path);
        if (half)
        {
            var bits = random.BFloat16(outputs * inputs);
            return (Matrices.BFloat16(WeightMemory.Of<ushort>(bits), outputs, inputs, chosen), Array.ConvertAll(bits, b => BitConverter.UInt32BitsToSingle((uint)b << 16)));
        }
        var weights = random.Floats(outputs * inputs);
        return (Matrices.Float32(WeightMemory.Of<float>(weights), outputs, inputs, chosen), weights);
    }
}
