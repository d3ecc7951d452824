namespace Mka1.Edge.Gateway.Configuration;

/// <summary>How a changed configuration file is noticed.</summary>
public sealed record ReloadConfig
{
    /// <summary>Whether the file is looked at. Without, a signal (SIGHUP) or an operator's call has it read again.</summary>
    public bool Watch { get; init; } = true;

    /// <summary>Milliseconds between looks at the file (50–60,000). A change counts once two looks in a row find the same content.</summary>
    public int LookMilliseconds { get; init; } = 200;

    /// <summary>Versions kept to roll back to, the one in use included (1–100).</summary>
    public int History { get; init; } = 10;
}
