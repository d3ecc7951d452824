using System.Text.Json.Serialization;

namespace Mka1.Edge.Gateway.Reload;

/// <summary>What put a configuration into use, or tried to.</summary>
internal enum ConfigSource
{
    /// <summary>The gateway's start.</summary>
    [JsonStringEnumMemberName("start")]
    Start,

    /// <summary>The file has changed.</summary>
    [JsonStringEnumMemberName("file")]
    File,

    /// <summary>SIGHUP.</summary>
    [JsonStringEnumMemberName("signal")]
    Signal,

    /// <summary>An operator asked for the file to be read.</summary>
    [JsonStringEnumMemberName("admin")]
    Admin,

    /// <summary>An operator asked for an earlier version.</summary>
    [JsonStringEnumMemberName("rollback")]
    Rollback,
}
