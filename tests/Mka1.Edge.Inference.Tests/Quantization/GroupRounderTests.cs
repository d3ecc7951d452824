using Mka1.Edge.Inference.Quantization;

namespace Mka1.Edge.Inference.Tests.Quantization;

public sealed class GroupRounderTests
{
    [Theory]
    [InlineData(8, 0.006)]
    [InlineData(4, 0.09)]
    public void Rounding_loses_no_more_than_the_plain_rule_and_little_at_all(int bits, double most)
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var weights = Enumerable.Range(0, 64).Select(_ => (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5)).ToArray();
            var values = new sbyte[64];
            var scale = GroupRounder.Round(weights, bits, values);
            Assert.All(values, value => Assert.InRange(value, bits == 8 ? -127 : -8, bits == 8 ? 127 : 7));

            var end = bits == 8 ? 127 : 7;
            var plain = weights.Max(Math.Abs) / end;
            var error = weights.Zip(values, (w, q) => Square(w - (q * scale))).Sum();
            Assert.True(error <= weights.Sum(w => Square(w - (MathF.Round(w / plain) * plain))) * 1.0001);
            Assert.InRange(Math.Sqrt(error / weights.Sum(w => Square(w))), 0, most * 1.5);
        }
    }

    [Fact]
    public void Zeros_stay_zeros_and_a_single_weight_is_kept()
    {
        var values = new sbyte[] { 1, 1 };
        Assert.Equal(0, GroupRounder.Round([0, 0], 4, values));
        Assert.Equal([0, 0], values);
        var scale = GroupRounder.Round([0, 0.3f], 4, values);
        Assert.Equal(0.3f, values[1] * scale, 5);
        Assert.Equal(0, values[0]);
    }

    private static double Square(float value) => (double)value * value;
}
