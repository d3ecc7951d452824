namespace Mka1.Edge.Gateway.Reload;

/// <summary>How a replica stands with its configuration.</summary>
/// <param name="Active">The version in use.</param>
/// <param name="Fault">What is wrong with the file as it was last read; null when it could be used.</param>
/// <param name="Faults">The last configurations that were refused, newest first.</param>
/// <param name="NeedsRestart">Keys of settings that the file has otherwise than they are in use.</param>
/// <param name="Versions">Versions to roll back to, newest first, the one in use among them.</param>
/// <param name="Applied">Configurations that came into use since the start.</param>
/// <param name="Refused">Configurations that were refused since the start.</param>
internal sealed record ReloadReport(
    ConfigVersion Active,
    ConfigFault? Fault,
    IReadOnlyList<ConfigFault> Faults,
    IReadOnlyList<string> NeedsRestart,
    IReadOnlyList<ConfigVersion> Versions,
    long Applied,
    long Refused);
