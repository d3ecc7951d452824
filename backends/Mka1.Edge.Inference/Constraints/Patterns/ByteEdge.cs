namespace Mka1.Edge.Inference.Constraints.Patterns;

/// <summary>A step of an automaton: any byte of a range leads to a state.</summary>
internal readonly record struct ByteEdge(byte Low, byte High, int To);
