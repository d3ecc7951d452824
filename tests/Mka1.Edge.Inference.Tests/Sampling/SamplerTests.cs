using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Sampling;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Tests.Sampling;

public sealed class SamplerTests
{
    private const int Draws = 20_000;

    private static readonly Token[] Vocabulary = [.. Enumerable.Range(0, 4).Select(id => new Token(id, new[] { (byte)id }, TokenKind.Text))];

    // Probabilities 0.5, 0.3, 0.15, 0.05.
    private static readonly float[] Logits = [MathF.Log(0.5f), MathF.Log(0.3f), MathF.Log(0.15f), MathF.Log(0.05f)];

    [Fact]
    public void At_temperature_1_tokens_come_as_often_as_the_model_says()
    {
        AssertShares(new SamplingOptions { Seed = 1 }, [0.5, 0.3, 0.15, 0.05]);
    }

    [Fact]
    public void Temperature_sharpens_and_flattens()
    {
        double sharp = 0.25 + 0.09 + 0.0225 + 0.0025;
        AssertShares(new SamplingOptions { Seed = 2, Temperature = 0.5f }, [0.25 / sharp, 0.09 / sharp, 0.0225 / sharp, 0.0025 / sharp]);
        var roots = new[] { 0.5, 0.3, 0.15, 0.05 }.Select(Math.Sqrt).ToArray();
        AssertShares(new SamplingOptions { Seed = 3, Temperature = 2 }, [.. roots.Select(root => root / roots.Sum())]);
    }

    [Fact]
    public void Temperature_0_always_takes_the_best_and_the_lowest_id_among_equals()
    {
        AssertShares(SamplingOptions.Greedy, [1, 0, 0, 0]);
        var sampler = new Sampler(SamplingOptions.Greedy, 4);
        Assert.Equal(1, sampler.Sample([0f, 2f, 2f, 1f], Vocabulary, Unconstrained.Instance));
    }

    [Fact]
    public void Top_p_keeps_the_smallest_set_that_holds_the_mass()
    {
        AssertShares(new SamplingOptions { Seed = 4, TopP = 0.7f }, [0.5 / 0.8, 0.3 / 0.8, 0, 0]);
        AssertShares(new SamplingOptions { Seed = 5, TopP = 0.9f }, [0.5 / 0.95, 0.3 / 0.95, 0.15 / 0.95, 0]);
        AssertShares(new SamplingOptions { Seed = 6, TopP = 0 }, [1, 0, 0, 0]);
    }

    [Fact]
    public void Penalties_are_taken_off_for_what_was_generated()
    {
        // Each time a token comes, it loses 1; the first time another 0.25.
        var sampler = new Sampler(new SamplingOptions { Temperature = 0, FrequencyPenalty = 1, PresencePenalty = 0.25f }, 4);
        float[] logits = [3f, 2.5f, 0f, -9f];
        var drawn = Enumerable.Range(0, 6).Select(_ => sampler.Sample(logits, Vocabulary, Unconstrained.Instance)).ToArray();

        // 3 | 1.75 2.5 | 1.75 1.25 | .75 1.25 | .75 .25 | -.25 .25 -> 0 1 0 1 0 1
        Assert.Equal([0, 1, 0, 1, 0, 1], drawn);
    }

    [Fact]
    public void A_negative_presence_penalty_favours_what_was_said()
    {
        var sampler = new Sampler(new SamplingOptions { Temperature = 0, PresencePenalty = -1 }, 4);
        Assert.Equal(0, sampler.Sample([1f, 0.5f, 0, 0], Vocabulary, Unconstrained.Instance));
        Assert.Equal(0, sampler.Sample([1f, 1.5f, 0, 0], Vocabulary, Unconstrained.Instance));
        Assert.Equal(1, sampler.Sample([1f, 2.5f, 0, 0], Vocabulary, Unconstrained.Instance));
    }

    [Fact]
    public void A_constraint_leaves_the_models_distribution_over_what_it_allows()
    {
        AssertShares(new SamplingOptions { Seed = 7 }, [0, 0.3 / 0.35, 0, 0.05 / 0.35], new Only(1, 3));
    }

    [Fact]
    public void The_last_allowed_token_of_a_large_vocabulary_is_found()
    {
        var vocabulary = Enumerable.Range(0, 500).Select(id => new Token(id, new byte[] { 1 }, TokenKind.Text)).ToArray();
        var logits = new float[500];
        logits[433] = -80;
        foreach (var options in new[] { SamplingOptions.Greedy, new SamplingOptions { Seed = 1 }, new SamplingOptions { Seed = 1, TopP = 0.5f } })
            Assert.Equal(433, new Sampler(options, 500).Sample(logits, vocabulary, new Only(433)));
    }

    [Fact]
    public void Unused_ids_are_never_drawn()
    {
        Token[] vocabulary = [Vocabulary[0] with { Kind = TokenKind.Unused }, .. Vocabulary[1..]];
        var sampler = new Sampler(new SamplingOptions { Seed = 3 }, 4);
        for (var i = 0; i < 200; i++)
            Assert.NotEqual(0, sampler.Sample(Logits, vocabulary, Unconstrained.Instance));
    }

    [Fact]
    public void A_constraint_that_allows_nothing_is_reported()
    {
        var sampler = new Sampler(SamplingOptions.Greedy, 4);
        Assert.Contains("constraint", Assert.Throws<InvalidOperationException>(() => sampler.Sample(Logits, Vocabulary, new Only())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Logits_that_are_no_numbers_are_reported()
    {
        var sampler = new Sampler(new SamplingOptions { Seed = 1 }, 4);
        Assert.Contains("not a number", Assert.Throws<InvalidOperationException>(() => sampler.Sample([0, float.NaN, 0, 0], Vocabulary, Unconstrained.Instance)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Log_probabilities_are_those_of_the_bare_model()
    {
        var normalizer = Logprobs.Normalizer([1001f, 1000f, 998f]);
        var expected = Math.Log(Math.Exp(1) + 1 + Math.Exp(-2)) + 1000;
        Assert.Equal(expected, normalizer, 3);

        Span<int> best = stackalloc int[3];
        Logprobs.Best([0.5f, 2f, 2f, -1f, 3f], best);
        Assert.Equal([4, 1, 2], best.ToArray());
    }

    private static void AssertShares(SamplingOptions options, double[] expected, ITokenConstraint? constraint = null)
    {
        var sampler = new Sampler(options, 4);
        var counts = new int[4];
        for (var i = 0; i < Draws; i++)
            counts[sampler.Sample(Logits, Vocabulary, constraint ?? Unconstrained.Instance)]++;
        for (var id = 0; id < 4; id++)
        {
            // Five standard deviations; the seed is fixed, so the outcome is too.
            var tolerance = 5 * Math.Sqrt(expected[id] * (1 - expected[id]) / Draws);
            Assert.InRange((double)counts[id] / Draws, expected[id] - tolerance, expected[id] + tolerance);
        }
    }

    private sealed class Only(params int[] ids) : ITokenConstraint
    {
        public int? ForcedToken => null;

        public bool Allows(in Token token) => ids.Contains(token.Id);

        public void Accept(in Token token)
        {
        }
    }
}
