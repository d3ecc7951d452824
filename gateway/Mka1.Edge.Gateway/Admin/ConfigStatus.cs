namespace Mka1.Edge.Gateway.Admin;

/// <summary>The configuration a replica serves by.</summary>
/// <param name="Version">What tells its content from another's: replicas that serve by the same one say the same.</param>
internal sealed record ConfigStatus(string Version);
