namespace Mka1.Edge.Inference.Models;

/// <summary>The shape of a transformer, from <c>config.json</c>.</summary>
public sealed record ModelConfig
{
    /// <summary>How many tokens prompt and output may hold together.</summary>
    public required int ContextWindow { get; init; }

    /// <summary>Rows of the embedding and output matrices.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width of the feed-forward layer of a block without experts.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Transformer blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads: a divisor of <see cref="Heads"/>.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of one head; even.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Added to the mean square in RMSNorm.</summary>
    public required float NormEpsilon { get; init; }

    /// <summary>Base of the rotary embedding's wavelengths.</summary>
    public required double RopeTheta { get; init; }

    /// <summary>How the rotary embedding was stretched; null when it is plain.</summary>
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>Whether queries, keys and values have a bias.</summary>
    public bool AttentionInputBias { get; init; }

    /// <summary>Whether the projection after attention has a bias.</summary>
    public bool AttentionOutputBias { get; init; }

    /// <summary>Whether the projections of the feed-forward layer have biases.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Whether each query and key head is normalised before it is rotated.</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Whether the output matrix is the embedding.</summary>
    public required bool TiedEmbeddings { get; init; }

    /// <summary>Experts in a mixture; 0 in a dense model.</summary>
    public int Experts { get; init; }

    /// <summary>Experts that work on a token; 0 in a dense model.</summary>
    public int ExpertsPerToken { get; init; }

    /// <summary>Width of one expert; 0 in a dense model.</summary>
    public int ExpertIntermediateSize { get; init; }

    /// <summary>Width of the expert that works on every token; 0 when there is none.</summary>
    public int SharedExpertIntermediateSize { get; init; }

    /// <summary>Whether the weights of the chosen experts are made to sum to 1.</summary>
    public bool NormalizeExpertWeights { get; init; } = true;

    /// <summary>Blocks of a mixture that have one plain feed-forward layer; null when all have experts.</summary>
    public IReadOnlySet<int>? DenseLayers { get; init; }

    /// <summary>Whether a block has experts.</summary>
    public bool IsMixture(int layer) => Experts > 0 && DenseLayers?.Contains(layer) != true;

    /// <summary>Bits of most quantized weights, 8 or 4; 0 when the weights are floating point.</summary>
    public int QuantizationBits { get; init; }

    /// <summary>Input columns that share a scale in a quantized model; 0 when the weights are floating point.</summary>
    public int QuantizationGroupSize { get; init; }

    /// <summary>
    /// Whether quantized matrices multiply activations that were rounded to bytes, in whole numbers, which is several times
    /// faster; else activations stay floats.
    /// </summary>
    public bool RoundedActivations { get; init; } = true;
}
