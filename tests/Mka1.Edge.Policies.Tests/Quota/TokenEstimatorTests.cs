using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Policies.Tests.Quota;

/// <summary>Promise: estimates follow what model servers report, and err on the side of too many.</summary>
public sealed class TokenEstimatorTests
{
    [Fact]
    public void Before_anything_is_known_four_bytes_are_a_token_and_some_more_is_set_aside()
    {
        var estimator = new TokenEstimator();
        Assert.Equal(100, estimator.About(400));
        Assert.InRange(estimator.AtMost(400), 101, 200);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.4)]
    [InlineData(0.9)]
    public void After_many_requests_it_knows_the_ratio_and_its_spread(double tokensPerByte)
    {
        var (estimator, random) = (new TokenEstimator(), new Random(1));
        var covered = 0;
        for (var i = 0; i < 2000; i++)
        {
            var bytes = random.Next(200, 4000);
            var tokens = (long)(bytes * tokensPerByte * (0.9 + (0.2 * random.NextDouble())));
            if (i >= 1000 && estimator.AtMost(bytes) >= tokens) covered++;
            estimator.Learn(bytes, tokens);
        }

        Assert.InRange(estimator.TokensPerByte, tokensPerByte * 0.97, tokensPerByte * 1.03);
        Assert.InRange(covered, 900, 1000);
        Assert.InRange(estimator.AtMost(10_000), 10_000 * tokensPerByte, 10_000 * tokensPerByte * 1.2);
    }

    [Fact]
    public void Nonsense_teaches_nothing()
    {
        var estimator = new TokenEstimator();
        estimator.Learn(0, 10);
        estimator.Learn(10, 0);
        estimator.Learn(-5, -5);
        Assert.Equal(TokenEstimator.InitialTokensPerByte, estimator.TokensPerByte);
        for (var i = 0; i < 1000; i++) estimator.Learn(1, long.MaxValue);
        Assert.InRange(estimator.AtMost(1000), 1, 1000);
    }

    [Fact]
    public void Something_is_never_nothing()
    {
        var estimator = new TokenEstimator();
        Assert.Equal((1, 1, 0), (estimator.AtMost(0), estimator.About(1), estimator.About(0)));
    }
}
