namespace Mka1.Edge.Policies.Routing;

/// <summary>What the complexity classifier reads.</summary>
/// <param name="Prompt">Text of the last user message.</param>
/// <param name="StructuredOutput">Whether <c>text.format</c> asks for JSON.</param>
/// <param name="MaxOutputTokens">The client's cap, when it set one.</param>
/// <param name="ToolTypes">Types of the tools on offer.</param>
/// <param name="ToolRequired">Whether <c>tool_choice</c> forces a tool.</param>
public sealed record ComplexityFacts(
    string Prompt,
    bool StructuredOutput,
    long? MaxOutputTokens,
    IReadOnlyList<string> ToolTypes,
    bool ToolRequired)
{
    /// <summary>Nothing to classify.</summary>
    public static readonly ComplexityFacts None = new("", false, null, [], false);

    /// <summary>Messages of the user and the model before the last one of the user.</summary>
    public int Turns { get; init; }

    /// <summary>Characters of <c>instructions</c>.</summary>
    public int InstructionsLength { get; init; }

    /// <summary>What <c>reasoning.effort</c> says.</summary>
    public EffortAsked Effort { get; init; }

    /// <summary>Whether there is an image, a file or a sound to take in.</summary>
    public bool ReadsMedia { get; init; }
}
