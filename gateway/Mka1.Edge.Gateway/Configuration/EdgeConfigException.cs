namespace Mka1.Edge.Gateway.Configuration;

/// <summary>A configuration that cannot be used. Holds every fault found, each naming its key.</summary>
public sealed class EdgeConfigException(IReadOnlyList<string> faults)
    : Exception("The configuration cannot be used:" + Environment.NewLine + string.Join(Environment.NewLine, faults.Select(f => "  - " + f)))
{
    /// <summary>Every fault found.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
