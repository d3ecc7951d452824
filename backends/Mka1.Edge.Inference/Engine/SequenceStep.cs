namespace Mka1.Edge.Inference.Engine;

/// <summary>What one sequence does in a step: a piece of its prompt, or the one token it decoded last.</summary>
public readonly record struct SequenceStep
{
    /// <summary>The new tokens: one or more.</summary>
    public required ReadOnlyMemory<int> Tokens { get; init; }

    /// <summary>How many positions come before <see cref="Tokens"/>; their keys and values are in the pages already.</summary>
    public required int Position { get; init; }

    /// <summary>The pages of the sequence in order, enough for <see cref="Position"/> plus the new tokens. A page that is shared is full and never written.</summary>
    public required ReadOnlyMemory<int> Pages { get; init; }

    /// <summary>Takes the logits [vocabulary] of what follows the last new token; empty when nobody asks.</summary>
    public Memory<float> Logits { get; init; }
}
