using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Tests;

/// <summary>Promise: percentiles are right to 1 % whatever the values.</summary>
public sealed class HistogramTests
{
    private const int Values = 20_000;

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(0.999)]
    public void A_percentile_is_the_one_of_the_sorted_values(double share)
    {
        var random = new Random(7);

        // From a tenth of a microsecond to minutes.
        var values = Enumerable.Range(0, Values).Select(_ => TimeSpan.FromTicks((long)Math.Pow(10, random.NextDouble() * 9))).ToList();
        var histogram = new Histogram();
        foreach (var value in values) histogram.Record(value);
        var expected = values.Order().ElementAt((int)Math.Ceiling(Values * share) - 1).Ticks;
        Assert.InRange(histogram.Percentile(share).Ticks, expected * 0.99 - 1, expected * 1.01 + 1);
        Assert.Equal((Values, values.Max()), (histogram.Count, histogram.Max));
    }

    [Fact]
    public void One_value_is_every_percentile()
    {
        var histogram = new Histogram();
        histogram.Record(TimeSpan.FromMilliseconds(12.5));
        Assert.Equal(histogram.Percentile(0.001), histogram.Percentile(1));
        Assert.Equal(histogram.Max, histogram.Percentile(1));
    }
}
