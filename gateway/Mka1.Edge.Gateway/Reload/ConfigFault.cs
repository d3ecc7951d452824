namespace Mka1.Edge.Gateway.Reload;

/// <summary>A configuration that was refused.</summary>
/// <param name="At">When.</param>
/// <param name="Source">What had it read.</param>
/// <param name="Faults">All that is wrong with it.</param>
internal sealed record ConfigFault(DateTimeOffset At, ConfigSource Source, IReadOnlyList<string> Faults);
