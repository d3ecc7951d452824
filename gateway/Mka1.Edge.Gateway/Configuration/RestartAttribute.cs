namespace Mka1.Edge.Gateway.Configuration;

/// <summary>
/// Marks a setting of a single value that a running gateway keeps as it was at its start; of a section, that it keeps having it or not.
/// Another value counts after a restart.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RestartAttribute : Attribute;
