using Mka1.Edge.ModelServer.Commands;

namespace Mka1.Edge.ModelServer.Tests.Commands;

/// <summary>Promise: a difference between two models is called what it is, chance or not.</summary>
public sealed class PairedComparisonTests
{
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(3, 3, 1)]
    [InlineData(5, 0, 0.0625)] // 2 / 2^5
    [InlineData(1, 9, 0.021484375)] // 2 (1 + 10) / 2^10
    [InlineData(9, 1, 0.021484375)]
    [InlineData(4, 12, 0.076812744140625)] // 2 (1 + 16 + 120 + 560 + 1820) / 2^16
    public void Is_the_two_sided_tail_of_even_odds(int onlyThis, int onlyAgainst, double expected) =>
        Assert.Equal(expected, new PairedComparison(onlyThis, onlyAgainst).PValue, 12);

    [Fact]
    public void Stays_a_number_where_the_odds_of_one_outcome_are_none()
    {
        Assert.InRange(new PairedComparison(1000, 1000).PValue, 0.99, 1);
        Assert.InRange(new PairedComparison(1100, 900).PValue, 8.45e-6, 8.46e-6);
        Assert.InRange(new PairedComparison(2000, 0).PValue, 0, 1e-300);
    }

    [Fact]
    public void Counts_only_the_cases_on_which_the_two_differ()
    {
        bool[] first = [true, true, true, false, false, true];
        bool[] second = [true, false, false, true, false, true];
        Assert.Equal(new PairedComparison(2, 1), PairedComparison.Of(first, second));
    }
}
