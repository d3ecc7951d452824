namespace Mka1.Edge.Inference.Quantization;

/// <summary>How weights are rounded.</summary>
public sealed record QuantizationOptions
{
    /// <summary>Bits of a weight: 8 or 4. At 4 bits the embedding and the output matrix keep 8: every token passes them, and their errors show most.</summary>
    public required int Bits { get; init; }

    /// <summary>Neighbours in a row that share a scale: 32, 64 or 128.</summary>
    public int GroupSize { get; init; } = 64;
}
