namespace Mka1.Edge.Inference.Engine;

/// <summary>What an engine has on its hands at one moment, and what it has done so far.</summary>
public readonly record struct EngineLoad
{
    /// <summary>Requests being worked on, those that gave their pages up for a while included.</summary>
    public required int Active { get; init; }

    /// <summary>Requests that wait for a place.</summary>
    public required int Queued { get; init; }

    /// <summary>Sequences in the last step; 0 when idle.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Pages of the key-value cache there are.</summary>
    public required int PagesTotal { get; init; }

    /// <summary>Pages that active requests hold.</summary>
    public required int PagesUsed { get; init; }

    /// <summary>Pages nobody holds, kept for prompts that begin alike.</summary>
    public required int PagesKept { get; init; }

    /// <summary>Bytes of one page.</summary>
    public required long PageBytes { get; init; }

    /// <summary>Steps run since the start.</summary>
    public required long Steps { get; init; }

    /// <summary>Sequences in all those steps; over <see cref="Steps"/>: the mean batch.</summary>
    public required long SequenceSteps { get; init; }

    /// <summary>Output tokens decoded since the start.</summary>
    public required long TokensDecoded { get; init; }

    /// <summary>Prompt tokens computed since the start, those computed again after a preemption included.</summary>
    public required long PromptTokensComputed { get; init; }

    /// <summary>Prompt tokens found computed already, since the start.</summary>
    public required long PromptTokensCached { get; init; }

    /// <summary>How often a request gave its pages up to older ones, since the start.</summary>
    public required long Preemptions { get; init; }
}
