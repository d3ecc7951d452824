namespace Mka1.Edge.Responses;

/// <summary>Makes the response a request begins with: in progress, empty, with every parameter echoed.</summary>
public static class ResponseEcho
{
    /// <summary>The skeleton that the gateway owns and the model server's outcome is merged into.</summary>
    /// <param name="request">The request to echo.</param>
    /// <param name="id">The response's id.</param>
    /// <param name="createdAt">Unix seconds.</param>
    public static ResponseObject Skeleton(CreateResponseRequest request, string id, long createdAt) => new()
    {
        Id = id,
        CreatedAt = createdAt,
        Status = ResponseStatus.InProgress,
        Background = request.Background,
        Instructions = request.Instructions,
        MaxOutputTokens = request.MaxOutputTokens,
        MaxToolCalls = request.MaxToolCalls,
        Metadata = request.Metadata,
        Model = request.Model,
        ParallelToolCalls = request.ParallelToolCalls,
        PreviousResponseId = request.PreviousResponseId,
        Reasoning = request.Reasoning ?? new(),
        ServiceTier = request.ServiceTier,
        Store = request.Store,
        Text = request.Text,
        ToolChoice = request.ToolChoice,
        Tools = ToolEcho.WithDefaults(request.Tools),
        Truncation = request.Truncation,
        User = request.User,
        Conversation = request.Conversation is { } conversation ? new(conversation) : null,
        Prompt = request.Prompt,
        PromptCacheKey = request.PromptCacheKey,
        SafetyIdentifier = request.SafetyIdentifier,
        Temperature = request.Temperature,
        TopP = request.TopP,
        PresencePenalty = request.PresencePenalty,
        FrequencyPenalty = request.FrequencyPenalty,
        TopLogprobs = request.TopLogprobs ?? 0,
        ContextManagement = request.ContextManagement is { } management ? [management] : null,
    };
}
