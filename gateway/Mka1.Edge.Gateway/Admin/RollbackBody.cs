namespace Mka1.Edge.Gateway.Admin;

/// <summary>Which version an operator wants back.</summary>
/// <param name="Version">The version; left out, the one before the one in use.</param>
internal sealed record RollbackBody(string? Version = null);
