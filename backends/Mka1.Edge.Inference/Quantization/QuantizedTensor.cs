namespace Mka1.Edge.Inference.Quantization;

/// <summary>What became of one tensor.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Bits">Bits of a weight now; 0 when the tensor was copied as it was.</param>
/// <param name="BytesBefore">Bytes it took.</param>
/// <param name="BytesAfter">Bytes it takes, scales included.</param>
/// <param name="RelativeError">Length of the difference over length of the tensor: √(Σ(w - ŵ)² / Σw²).</param>
public sealed record QuantizedTensor(string Name, int Bits, long BytesBefore, long BytesAfter, double RelativeError);
