namespace Mka1.Edge.Security.Tests.Leaks;

/// <summary>A canary where none may be.</summary>
/// <param name="Place">Where, such as a column, or the beginning of a log line.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Text">The canary.</param>
internal sealed record Leak(string Place, CanaryKind Kind, string Text);
