namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary>Something that a scenario says must hold.</summary>
/// <param name="Text">What must hold.</param>
/// <param name="Holds">Whether it does.</param>
/// <param name="Found">What was found.</param>
internal sealed record Fact(string Text, bool Holds, string Found);
