namespace Mka1.Edge.Gateway.Reload;

/// <summary>Where a gateway had its first configuration from.</summary>
/// <param name="File">The file; null without one.</param>
/// <param name="Mark">The content that was read: <see cref="ConfigContent.Mark"/>; empty without a file.</param>
internal sealed record ConfigStart(ConfigFile? File, string Mark);
