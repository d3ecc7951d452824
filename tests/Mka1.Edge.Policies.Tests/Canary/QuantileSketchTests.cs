using Mka1.Edge.Policies.Canary;

namespace Mka1.Edge.Policies.Tests.Canary;

/// <summary>Promise: quantiles are told within 2.5%, whatever the numbers.</summary>
public sealed class QuantileSketchTests
{
    [Theory]
    [InlineData(0.0001)]
    [InlineData(0.02)]
    [InlineData(3)]
    [InlineData(700)]
    public void Quantiles_are_near_the_exact_ones(double scale)
    {
        var random = new Random(7);
        var numbers = Enumerable.Range(0, 10_000).Select(_ => scale * Math.Exp(random.NextDouble() * 3)).ToArray();
        var sketch = new QuantileSketch();
        foreach (var number in numbers) sketch.Add(number);
        Array.Sort(numbers);
        foreach (var quantile in (double[])[0.01, 0.5, 0.9, 0.95, 0.99, 1])
        {
            var exact = numbers[(int)Math.Ceiling(quantile * numbers.Length) - 1];
            Assert.InRange(sketch.Quantile(quantile)!.Value, exact * 0.975, exact * 1.026);
        }
    }

    [Fact]
    public void Without_numbers_there_is_no_quantile() => Assert.Null(new QuantileSketch().Quantile(0.5));

    [Fact]
    public void Numbers_beyond_the_range_count_as_its_ends()
    {
        var sketch = new QuantileSketch();
        foreach (var number in (double[])[0, -1, 1e-12, 1e12, double.MaxValue, double.PositiveInfinity]) sketch.Add(number);
        Assert.Equal(6, sketch.Count);
        Assert.True(sketch.Quantile(0.5) <= 1.1e-5);
        Assert.True(sketch.Quantile(1) >= 9e4);
    }

    [Fact]
    public void Threads_may_add_at_the_same_time()
    {
        var sketch = new QuantileSketch();
        Parallel.For(0, 10_000, n => sketch.Add(n % 10));
        Assert.Equal(10_000, sketch.Count);
    }
}
