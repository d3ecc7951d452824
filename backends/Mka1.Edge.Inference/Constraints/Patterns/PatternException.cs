namespace Mka1.Edge.Inference.Constraints.Patterns;

/// <summary>A pattern that is malformed, uses what an automaton cannot follow, or needs too many states.</summary>
internal sealed class PatternException(string message) : Exception(message);
