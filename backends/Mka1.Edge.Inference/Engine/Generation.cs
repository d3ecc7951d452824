using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Sampling;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Engine;

/// <summary>The decode loop of one request.</summary>
internal sealed class Generation(LanguageModel model, GenerationStream stream)
{
    private readonly GenerationRequest _request = stream.Request;
    private readonly ITokenConstraint _constraint = stream.Request.Constraint ?? PlainText.Instance;
    private readonly Sampler _sampler = new(stream.Request.Sampling, model.Tokenizer.VocabularySize);

    /// <summary>Positions the cache needs: the last token of the output is never fed back.</summary>
    public int CacheCapacity => _request.PromptIds.Length + stream.MaxOutputTokens - 1;

    /// <summary>Runs to the end of the turn or the limit; checks before each step whether anybody still wants it.</summary>
    /// <exception cref="OperationCanceledException">Nobody does.</exception>
    public void Run(ForwardPass pass, KvCache cache, Action onToken)
    {
        var prompt = _request.PromptIds.Span;
        for (var done = 0; done < prompt.Length; done += ForwardPass.BlockSize)
        {
            stream.Stopped.ThrowIfCancellationRequested();
            pass.Append(prompt[done..Math.Min(done + ForwardPass.BlockSize, prompt.Length)], cache);
        }

        for (var count = 1; ; count++)
        {
            stream.Stopped.ThrowIfCancellationRequested();
            var logits = pass.Logits();
            var id = _sampler.Sample(logits, model.Tokenizer.Tokens, _constraint);
            var token = model.Tokenizer[id];
            _constraint.Accept(token);
            onToken();

            FinishReason? finish = token.Kind == TokenKind.EndOfTurn ? FinishReason.Stop
                : count == stream.MaxOutputTokens ? FinishReason.Length
                : null;
            stream.Write(Describe(token, logits, finish));
            if (finish is not null)
                return;
            pass.Append(new ReadOnlySpan<int>(in id), cache);
        }
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
        Span<int> ids = stackalloc int[Math.Min(_request.TopLogprobs, model.Tokenizer.VocabularySize)];
        Logprobs.Best(logits[..model.Tokenizer.VocabularySize], ids);
        var top = new TokenLogprob[ids.Length];
        for (var i = 0; i < top.Length; i++)
            top[i] = new TokenLogprob(ids[i], model.Tokenizer[ids[i]].Bytes, logits[ids[i]] - normalizer);
        return top;
    }
}
