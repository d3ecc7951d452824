namespace Mka1.Edge.Inference.Sampling;

/// <summary>How the next token is chosen from the model's distribution.</summary>
public sealed record SamplingOptions
{
    /// <summary>Always the most probable token.</summary>
    public static SamplingOptions Greedy { get; } = new() { Temperature = 0 };

    /// <summary>0 (greedy) to 2; default 1.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Keep the most probable tokens that together hold this much probability: 0 (the best one only) to 1; default 1 (all).</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Taken off the logit of every token already generated: -2 to 2; default 0.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Taken off the logit of a token once for each time it was generated: -2 to 2; default 0.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>The same seed, prompt and options give the same tokens; a fresh one is drawn when null.</summary>
    public ulong? Seed { get; init; }
}
