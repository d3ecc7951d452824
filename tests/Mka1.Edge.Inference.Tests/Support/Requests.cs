using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Sampling;

namespace Mka1.Edge.Inference.Tests.Support;

/// <summary>Makes requests and reads what comes of them.</summary>
internal static class Requests
{
    /// <summary>A greedy request.</summary>
    public static GenerationRequest Greedy(int limit, int[]? prompt = null, ITokenConstraint? constraint = null) => new()
    {
        PromptIds = prompt ?? [70, 71, 72, 73],
        MaxOutputTokens = limit,
        Sampling = SamplingOptions.Greedy,
        Constraint = constraint,
    };

    /// <summary>Random prompt tokens.</summary>
    public static int[] Prompt(int seed, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(5, TinyTokenizer.Size))];
    }

    public static async Task<List<GeneratedToken>> All(GenerationStream stream)
    {
        var tokens = new List<GeneratedToken>();
        await foreach (var token in stream)
            tokens.Add(token);
        return tokens;
    }

    public static async Task<int[]> Ids(GenerationStream stream) => [.. (await All(stream)).Select(token => token.Id)];
}
