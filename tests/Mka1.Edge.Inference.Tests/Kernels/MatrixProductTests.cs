using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Tests.Kernels;

public sealed class MatrixProductTests
{
    // Large enough to be shared out, with rows left over at the end.
    private const int Outputs = 1003;
    private const int Inputs = 256;

    public static TheoryData<string> Kinds => ["f32", "bf16", "int8", "int4", "weights"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_number_of_threads_does_not_show_in_the_bits(string kind)
    {
        var matrix = Create(kind);
        foreach (var count in new[] { 1, 3, 9 })
        {
            var x = new RandomWeights(1).Floats(count * Inputs);
            var expected = new float[count * Outputs];
            using (var team = new ComputeTeam(1))
                new MatrixProduct(team).Compute(matrix, x, expected, count);
            for (var threads = 2; threads <= 5; threads++)
            {
                var y = new float[count * Outputs];
                using var team = new ComputeTeam(threads);
                new MatrixProduct(team).Compute(matrix, x, y, count);
                Assert.Equal(expected, y);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_product_allocates_nothing_once_its_buffers_have_grown(string kind)
    {
        var matrix = Create(kind);
        using var team = new ComputeTeam(1);
        var product = new MatrixProduct(team);
        var x = new RandomWeights(2).Floats(8 * Inputs);
        var y = new float[8 * Outputs];
        Assert.Equal(0, Allocations.Least(() =>
        {
            product.Compute(matrix, x, y, 8);
            product.Compute(matrix, x, y, 1);
        }));
    }

    private static Matrix Create(string kind)
    {
        var random = new RandomWeights(3);
        return kind switch
        {
            "f32" => Matrices.Float32(WeightMemory.Of<float>(random.Floats(Outputs * Inputs)), Outputs, Inputs),
            "bf16" => Matrices.BFloat16(WeightMemory.Of<ushort>(random.BFloat16(Outputs * Inputs)), Outputs, Inputs),
            "int8" => Matrices.Integer(random.Packed(8, 64, Outputs, Inputs).Packed),
            "int4" => Matrices.Integer(random.Packed(4, 32, Outputs, Inputs).Packed),
            _ => Matrices.WeightOnly(random.Packed(8, 64, Outputs, Inputs).Packed),
        };
    }
}
