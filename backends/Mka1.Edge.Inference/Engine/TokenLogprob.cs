namespace Mka1.Edge.Inference.Engine;

/// <summary>A token that could have come here, and how probable it was.</summary>
/// <param name="Id">The token.</param>
/// <param name="Bytes">Its bytes; empty for a control token.</param>
/// <param name="Logprob">Natural logarithm of its probability under the bare model.</param>
public readonly record struct TokenLogprob(int Id, ReadOnlyMemory<byte> Bytes, float Logprob);
