namespace Mka1.Edge.Inference.Constraints;

/// <summary>Which calls an answer may or must hold.</summary>
public sealed record ToolCallingOptions
{
    /// <summary>The functions that may be called: all on offer, or those that <c>tool_choice</c> narrows them to.</summary>
    public required IReadOnlyList<CallableTool> Tools { get; init; }

    /// <summary>True: the answer starts with a call (<c>required</c>, a named function, <c>allowed_tools</c> required). False: the model decides (<c>auto</c>).</summary>
    public bool Required { get; init; }

    /// <summary>Whether a call may follow another in the same answer.</summary>
    public bool Parallel { get; init; }

    /// <summary>How many calls the answer may hold at most; 1 or more.</summary>
    public int MaxCalls { get; init; } = 30;

    /// <summary>What text outside calls must look like (<c>text.format</c>); free text when null.</summary>
    public JsonGrammar? Text { get; init; }
}
