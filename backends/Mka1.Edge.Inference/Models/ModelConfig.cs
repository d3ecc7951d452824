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

    /// <summary>Width of the feed-forward layer (of one expert in a mixture).</summary>
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

    /// <summary>Whether the output matrix is the embedding.</summary>
    public required bool TiedEmbeddings { get; init; }

    /// <summary>Experts in a mixture; 0 in a dense model.</summary>
    public int Experts { get; init; }

    /// <summary>Experts that work on a token; 0 in a dense model.</summary>
    public int ExpertsPerToken { get; init; }

    /// <summary>Input columns that share a scale in an int8 model; 0 when the weights are floating point.</summary>
    public int QuantizationGroupSize { get; init; }
}
