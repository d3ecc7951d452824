namespace Mka1.Edge.ModelServer;

/// <summary>How many tokens a model with a think section may think, by <c>reasoning.effort</c>: 1 to 1000000 each, none less than the one before.</summary>
public sealed class ThinkingTokenOptions
{
    /// <summary>For <c>low</c>; default 1024.</summary>
    public int Low { get; set; } = 1024;

    /// <summary>For <c>medium</c>, and for models that think unasked; default 4096.</summary>
    public int Medium { get; set; } = 4096;

    /// <summary>For <c>high</c> and above; default 16384.</summary>
    public int High { get; set; } = 16384;
}
