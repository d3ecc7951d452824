using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Prompting;

/// <summary>How long a model with a think section may think: by <c>reasoning.effort</c>, and never so long that no room is left to answer.</summary>
internal sealed class ThinkingBudget(ThinkingTokenOptions tokens)
{
    // The tags around the section are output as well.
    private const int Tags = 2;

    /// <summary>Whether the model is asked to think. Without an effort it is not; a model that thinks all the same may.</summary>
    public static bool IsAsked(ReasoningEffort? effort) => effort is not (null or ReasoningEffort.None or ReasoningEffort.Minimal);

    /// <summary>Tokens the section may hold; a quarter of the output is kept for the answer.</summary>
    public int Of(ReasoningEffort? effort, long maxOutputTokens)
    {
        var wanted = effort switch
        {
            ReasoningEffort.None or ReasoningEffort.Minimal => 0,
            ReasoningEffort.Low => tokens.Low,
            null or ReasoningEffort.Medium => tokens.Medium,
            _ => tokens.High,
        };
        return (int)Math.Clamp(maxOutputTokens - Tags - Math.Max(1, maxOutputTokens / 4), 0, wanted);
    }

    /// <summary>Whether a section, if only an empty one, leaves room for a token of the answer.</summary>
    public static bool HasRoom(long maxOutputTokens) => maxOutputTokens > Tags;
}
