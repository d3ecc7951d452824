using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Prompting;

/// <summary>What reading the input as a conversation came to.</summary>
internal abstract record PromptResult
{
    private PromptResult()
    {
    }

    public sealed record Built(ChatPrompt Prompt) : PromptResult;

    public sealed record Refused(ApiError Error) : PromptResult;
}
