using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Gateway.Reload;

/// <summary>A configuration that is in use, or was and can be again.</summary>
/// <param name="Version">What tells it from others.</param>
/// <param name="Since">When it came into use last.</param>
/// <param name="Source">What brought it.</param>
/// <param name="Config">The configuration.</param>
internal sealed record ConfigVersion(string Version, DateTimeOffset Since, ConfigSource Source, EdgeConfig Config);
