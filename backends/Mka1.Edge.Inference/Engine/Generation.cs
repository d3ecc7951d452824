using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Constraints.Masks;
using Mka1.Edge.Inference.Sampling;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Engine;

/// <summary>Chooses the tokens of one request from the model's logits, and hands them to its reader.</summary>
internal sealed class Generation(Tokenizer tokenizer, GenerationStream stream)
{
    private readonly GenerationRequest _request = stream.Request;
    private readonly ITokenConstraint _constraint = stream.Request.Constraint ?? PlainText.Instance;
    private readonly Sampler _sampler = new(stream.Request.Sampling, tokenizer.VocabularySize, stream.Request.Constraint is null ? null : TokenMasks.Of(tokenizer));
    private int _count;

    /// <summary>The model's logits [vocabulary] of what comes next; written by a step, read by <see cref="Next"/>.</summary>
    public required float[] Logits { get; init; }

    /// <summary>Chooses the next token and writes it to the stream.</summary>
    /// <returns>The token, and why it is the last; null: there is more to come.</returns>
    public (int Id, FinishReason? Finish) Next(Action onToken)
    {
        ReadOnlySpan<float> logits = Logits;
        var id = _sampler.Sample(logits, tokenizer.Tokens, _constraint);
        var token = tokenizer[id];
        _constraint.Accept(token);
        onToken();

        FinishReason? finish = token.Kind == TokenKind.EndOfTurn ? FinishReason.Stop
            : ++_count == stream.MaxOutputTokens ? FinishReason.Length
            : null;
        stream.Write(Describe(token, logits, finish));
        return (id, finish);
    }

    private GeneratedToken Describe(in Token token, ReadOnlySpan<float> logits, FinishReason? finish)
    {
        var wanted = _request.Logprobs || _request.TopLogprobs > 0;
        var normalizer = wanted ? Logprobs.Normalizer(logits) : 0;
        return new GeneratedToken
        {
            Id = token.Id,
            Bytes = token.Bytes,
            IsSpecial = token.Kind != TokenKind.Text,
            Logprob = wanted ? logits[token.Id] - normalizer : 0,
            TopLogprobs = _request.TopLogprobs > 0 ? Top(logits, normalizer) : null,
            Finish = finish,
        };
    }

    private TokenLogprob[] Top(ReadOnlySpan<float> logits, float normalizer)
    {
        Span<int> ids = stackalloc int[Math.Min(_request.TopLogprobs, tokenizer.VocabularySize)];
        Logprobs.Best(logits[..tokenizer.VocabularySize], ids);
        var top = new TokenLogprob[ids.Length];
        for (var i = 0; i < top.Length; i++)
            top[i] = new TokenLogprob(ids[i], tokenizer[ids[i]].Bytes, logits[ids[i]] - normalizer);
        return top;
    }
}
