using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Gateway.Trials;

/// <summary>What routing by complexity looks at in a request, in numbers: nothing of its text.</summary>
internal sealed record RoutingFeatures(
    int PromptCharacters,
    bool StructuredOutput,
    long? MaxOutputTokens,
    IReadOnlyList<string> ToolTypes,
    bool ToolRequired,
    int Turns,
    int InstructionsCharacters,
    string EffortAsked,
    bool ReadsMedia)
{
    /// <summary>Kinds of tools that stand in the contract; a client may send any other word.</summary>
    public static RoutingFeatures Of(ComplexityFacts facts) => new(
        facts.Prompt.Length,
        facts.StructuredOutput,
        facts.MaxOutputTokens,
        [.. facts.ToolTypes.Select(type => type.Length <= 64 ? type : type[..64]).Distinct()],
        facts.ToolRequired,
        facts.Turns,
        facts.InstructionsLength,
        facts.Effort.ToString().ToLowerInvariant(),
        facts.ReadsMedia);
}
