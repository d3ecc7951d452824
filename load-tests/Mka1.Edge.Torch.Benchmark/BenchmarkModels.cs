using Mka1.Edge.Inference.Models;

namespace Mka1.Edge.Torch.Benchmark;

/// <summary>The shapes that are measured: Llama's layout, output matrix tied to the embedding.</summary>
internal static class BenchmarkModels
{
    /// <summary>1.04 billion parameters.</summary>
    public static ModelConfig Billion { get; } = Create(hidden: 2048, intermediate: 8192, layers: 16, heads: 32, keyValueHeads: 8, vocabulary: 32_000);

    /// <summary>11 million parameters.</summary>
    public static ModelConfig Small { get; } = Create(hidden: 256, intermediate: 1024, layers: 4, heads: 4, keyValueHeads: 2, vocabulary: 32_000);

    private static ModelConfig Create(int hidden, int intermediate, int layers, int heads, int keyValueHeads, int vocabulary) => new()
    {
        ContextWindow = 4096,
        VocabularySize = vocabulary,
        HiddenSize = hidden,
        IntermediateSize = intermediate,
        Layers = layers,
        Heads = heads,
        KeyValueHeads = keyValueHeads,
        HeadSize = hidden / heads,
        NormEpsilon = 1e-5f,
        RopeTheta = 10_000,
        TiedEmbeddings = true,
    };
}
