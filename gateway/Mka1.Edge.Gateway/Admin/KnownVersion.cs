using Mka1.Edge.Gateway.Reload;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>A version of the configuration that was found good.</summary>
/// <param name="Version">What tells it from others.</param>
/// <param name="Since">When it came into use last.</param>
/// <param name="Source">What brought it.</param>
internal sealed record KnownVersion(string Version, DateTimeOffset Since, ConfigSource Source);
