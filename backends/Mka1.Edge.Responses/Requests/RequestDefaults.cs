namespace Mka1.Edge.Responses;

/// <summary>What an absent field means (design.md 4, contract.md B.1 and B.2).</summary>
public sealed record RequestDefaults
{
    public static RequestDefaults Standard { get; } = new();

    public bool Store { get; init; } = true;

    public bool ParallelToolCalls { get; init; } = true;

    /// <summary>Built-in tool calls in one response, 1 to 300.</summary>
    public int MaxToolCalls { get; init; } = 30;

    public Truncation Truncation { get; init; } = Truncation.Auto;

    public ServiceTier ServiceTier { get; init; } = ServiceTier.Auto;

    /// <summary>0 to 2.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>0 to 1.</summary>
    public double TopP { get; init; } = 1;

    public Verbosity Verbosity { get; init; } = Verbosity.Medium;
}
