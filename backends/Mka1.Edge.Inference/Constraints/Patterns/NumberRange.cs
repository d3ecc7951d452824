namespace Mka1.Edge.Inference.Constraints.Patterns;

/// <summary>Bounds on a number; null where there is none.</summary>
/// <param name="Low">The least value.</param>
/// <param name="LowOpen">The least value itself is left out.</param>
/// <param name="High">The greatest value.</param>
/// <param name="HighOpen">The greatest value itself is left out.</param>
internal readonly record struct NumberRange(decimal? Low, bool LowOpen, decimal? High, bool HighOpen);
