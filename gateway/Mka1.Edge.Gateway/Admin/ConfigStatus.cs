using Mka1.Edge.Gateway.Reload;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>How a replica stands with its configuration.</summary>
/// <param name="Version">What tells the configuration in use from another's content: replicas that serve by the same one say the same.</param>
/// <param name="Since">When it came into use.</param>
/// <param name="Source">What brought it: <c>start</c>, <c>file</c>, <c>signal</c>, <c>admin</c> or <c>rollback</c>.</param>
/// <param name="File">Path of the file; left out when there is none.</param>
/// <param name="NeedsRestart">Keys of settings that the file has otherwise than they are in use, because they are read at the start only.</param>
/// <param name="Fault">What is wrong with the file as it was last read; left out when it could be used.</param>
/// <param name="Faults">The last configurations that were refused, newest first.</param>
/// <param name="Applied">Configurations that came into use since the start.</param>
/// <param name="Refused">Configurations that were refused since the start.</param>
/// <param name="Versions">Versions to roll back to, newest first, the one in use among them.</param>
internal sealed record ConfigStatus(
    string Version,
    DateTimeOffset Since,
    ConfigSource Source,
    string? File,
    IReadOnlyList<string> NeedsRestart,
    ConfigFault? Fault,
    IReadOnlyList<ConfigFault> Faults,
    long Applied,
    long Refused,
    IReadOnlyList<KnownVersion> Versions)
{
    public static ConfigStatus Of(ConfigReloader reloader)
    {
        var report = reloader.Current;
        return new ConfigStatus(
            report.Active.Version,
            report.Active.Since,
            report.Active.Source,
            reloader.Path,
            report.NeedsRestart,
            report.Fault,
            report.Faults,
            report.Applied,
            report.Refused,
            [.. report.Versions.Select(known => new KnownVersion(known.Version, known.Since, known.Source))]);
    }
}
