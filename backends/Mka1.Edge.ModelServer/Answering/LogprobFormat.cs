using System.Text;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Responses;
using EngineLogprob = Mka1.Edge.Inference.Engine.TokenLogprob;
using TokenLogprob = Mka1.Edge.Responses.TokenLogprob;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>Writes the engine's probabilities in the wire's form; control tokens by the name they are given. <c>bytes</c> is exact where <c>token</c> holds half a character.</summary>
internal sealed class LogprobFormat(Func<int, string> nameOf)
{
    public TokenLogprob Describe(GeneratedToken token) => new()
    {
        Token = Encoding.UTF8.GetString(token.Bytes.Span),
        Logprob = token.Logprob,
        Bytes = Numbers(token.Bytes.Span),
        TopLogprobs = token.TopLogprobs is { } top ? [.. top.Select(Candidate)] : [],
    };

    private TokenCandidate Candidate(EngineLogprob candidate) => new()
    {
        // A control token has no bytes, but as an alternative to text it needs a name.
        Token = candidate.Bytes.IsEmpty ? nameOf(candidate.Id) : Encoding.UTF8.GetString(candidate.Bytes.Span),
        Logprob = candidate.Logprob,
        Bytes = Numbers(candidate.Bytes.Span),
    };

    private static int[] Numbers(ReadOnlySpan<byte> bytes)
    {
        var numbers = new int[bytes.Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = bytes[i];
        return numbers;
    }
}
