using System.Numerics.Tensors;
using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Constraints.Masks;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Sampling;

/// <summary>Chooses tokens for one request: penalties, temperature, nucleus, constraint, in this order.</summary>
/// <remarks>
/// A constraint is asked about the token drawn; a refused one is masked and the draw repeated, which gives the model's
/// distribution over the allowed tokens. A trained model is rarely refused, so the first draw goes without a mask; after a
/// refusal it has the constraint's, where it has one, and so have the next tokens for as long as the model's favourite is refused.
/// Only after several refusals is the whole vocabulary checked.
/// </remarks>
internal sealed class Sampler
{
    private const int RefusalsBeforeFullCheck = 24;

    private readonly SamplingOptions _options;
    private readonly float[] _scores;
    private readonly float[] _probabilities;
    private readonly int[] _candidates;
    private readonly int[] _counts;
    private readonly List<int> _generated = [];
    private readonly TokenMasks? _masks;
    private readonly ulong[] _allowed;
    private SplitMix64 _random;
    private bool _isContrary;

    /// <param name="options">How tokens are chosen.</param>
    /// <param name="vocabulary">How many tokens there are.</param>
    /// <param name="masks">The masks of that vocabulary; without them a constraint is only asked.</param>
    public Sampler(SamplingOptions options, int vocabulary, TokenMasks? masks = null)
    {
        _options = options;
        _masks = masks;
        _allowed = new ulong[masks is null ? 0 : TokenMasks.Words(vocabulary)];
        _scores = new float[vocabulary];
        var draws = options.Temperature > 0 ? vocabulary : 0;
        _probabilities = new float[draws];
        _candidates = new int[draws];
        _counts = new int[HasPenalties ? vocabulary : 0];
        _random = new SplitMix64(options.Seed ?? unchecked((ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue)));
    }

    private bool HasPenalties => _options.PresencePenalty != 0 || _options.FrequencyPenalty != 0;

    /// <summary>The next token.</summary>
    /// <param name="logits">[vocabulary]; may be longer than <paramref name="tokens"/>.</param>
    /// <param name="tokens">The vocabulary.</param>
    /// <param name="constraint">What may come next; not told of the choice.</param>
    /// <exception cref="InvalidOperationException">The logits are not numbers, or the constraint allows nothing.</exception>
    public int Sample(ReadOnlySpan<float> logits, ReadOnlySpan<Token> tokens, ITokenConstraint constraint)
    {
        var chosen = constraint.ForcedToken ?? Choose(logits, tokens, constraint);
        if (HasPenalties && _counts[chosen]++ == 0)
            _generated.Add(chosen);
        return chosen;
    }

    private int Choose(ReadOnlySpan<float> logits, ReadOnlySpan<Token> tokens, ITokenConstraint constraint)
    {
        var scores = _scores.AsSpan(0, tokens.Length);
        logits[..tokens.Length].CopyTo(scores);
        foreach (var id in _generated)
            scores[id] -= _options.PresencePenalty + (_options.FrequencyPenalty * _counts[id]);

        var masked = _isContrary;
        if (masked)
        {
            var favourite = TensorPrimitives.IndexOfMax(scores);
            ApplyMask(scores, constraint);
            _isContrary = float.IsNegativeInfinity(scores[favourite]);
        }
        for (var refusals = 0; ; refusals++)
        {
            if (refusals == 1 && !masked)
            {
                ApplyMask(scores, constraint);
                _isContrary = true;
            }
            if (refusals == RefusalsBeforeFullCheck)
                MaskRefused(scores, tokens, constraint);
            var id = _options.Temperature > 0 ? Draw(scores) : Best(scores);
            if (IsAllowed(tokens[id], constraint))
                return id;
            scores[id] = float.NegativeInfinity;
        }
    }

    private void ApplyMask(Span<float> scores, ITokenConstraint constraint)
    {
        if (_masks is null || constraint is not IMaskedConstraint masked)
            return;
        Array.Clear(_allowed);
        if (masked.TryMask(_masks, _allowed))
            TokenMasks.Apply(_allowed, scores);
    }

    private static bool IsAllowed(in Token token, ITokenConstraint constraint) => token.Kind != TokenKind.Unused && constraint.Allows(token);

    private static void MaskRefused(Span<float> scores, ReadOnlySpan<Token> tokens, ITokenConstraint constraint)
    {
        for (var id = 0; id < scores.Length; id++)
        {
            if (!float.IsNegativeInfinity(scores[id]) && !IsAllowed(tokens[id], constraint))
                scores[id] = float.NegativeInfinity;
        }
    }

    // The lowest id among equals.
    private static int Best(ReadOnlySpan<float> scores)
    {
        var best = TensorPrimitives.IndexOfMax(scores);
        if (float.IsNaN(scores[best]))
            throw new InvalidOperationException("The model's output is not a number; its weights are damaged.");
        if (float.IsNegativeInfinity(scores[best]))
            throw new InvalidOperationException("The constraint allows no token of the vocabulary.");
        return best;
    }

    private int Draw(ReadOnlySpan<float> scores)
    {
        var probabilities = _probabilities.AsSpan(0, scores.Length);
        TensorPrimitives.Subtract(scores, scores[Best(scores)], probabilities);
        TensorPrimitives.Divide(probabilities, _options.Temperature, probabilities);
        TensorPrimitives.Exp(probabilities, probabilities);

        double total = 0;
        foreach (var probability in probabilities)
            total += probability;
        return _options.TopP < 1 ? DrawFromNucleus(probabilities, total) : DrawFromAll(probabilities, total);
    }

    private int DrawFromAll(ReadOnlySpan<float> probabilities, double total)
    {
        var target = _random.NextDouble() * total;
        var last = 0;
        for (var id = 0; id < probabilities.Length; id++)
        {
            if (probabilities[id] <= 0)
                continue;
            last = id;
            target -= probabilities[id];
            if (target < 0)
                break;
        }
        return last;
    }

    private int DrawFromNucleus(Span<float> probabilities, double total)
    {
        // No token below this can be in the nucleus: all such tokens together weigh less than what may be left out.
        var floor = (1 - _options.TopP) * total / probabilities.Length;
        var count = 0;
        for (var id = 0; id < probabilities.Length; id++)
        {
            if (probabilities[id] > 0 && probabilities[id] >= floor)
            {
                probabilities[count] = probabilities[id];
                _candidates[count++] = id;
            }
        }
        var kept = probabilities[..count];
        kept.Sort(_candidates.AsSpan(0, count), static (a, b) => b.CompareTo(a));

        double mass = 0;
        var size = 0;
        do
            mass += kept[size++];
        while (size < count && mass < _options.TopP * total);
        var target = _random.NextDouble() * mass;
        for (var i = 0; i < size - 1; i++)
        {
            target -= kept[i];
            if (target < 0)
                return _candidates[i];
        }
        return _candidates[size - 1];
    }
}
