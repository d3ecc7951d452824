using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Prompting;

/// <summary>A request that can be answered: all that decoding needs to know.</summary>
internal sealed record AnswerPlan
{
    public required CreateResponseRequest Request { get; init; }

    public required GenerationRequest Generation { get; init; }

    /// <summary>Whether the prompt ends inside a think section.</summary>
    public bool StartsThinking { get; init; }

    public int InputTokens => Generation.PromptIds.Length;
}
