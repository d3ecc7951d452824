using System.Diagnostics;
using Microsoft.Extensions.Options;
using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Sampling;
using Mka1.Edge.ModelServer.Hosting;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Prompting;

/// <summary>
/// From a valid request to tokens: 1. can this server do it, 2. items to a conversation, 3. the shape of the answer,
/// 4. the context window, 5. thinking, 6. sampling.
/// </summary>
internal sealed class AnswerPlanner(ServedModel served, IOptions<ModelServerOptions> options)
{
    private readonly int? _maxOutputTokens = options.Value.MaxOutputTokens;
    private readonly GrammarCache _grammars = new(served.Model.Tokenizer.VocabularySize);
    private readonly ContextWindow _window = new(served.Model);
    private readonly ThinkingBudget _thinking = new(options.Value.ThinkingTokens);

    public PlanResult Plan(CreateResponseRequest request)
    {
        // 1. Can this server do it?
        if (Capabilities.FirstUnmet(request, served.Name) is { } unmet)
            return new PlanResult.Refused(unmet);

        if (request.MaxOutputTokens > _maxOutputTokens)
            return new PlanResult.Refused(new(ErrorCode.InvalidValue, $"This server writes {_maxOutputTokens} tokens at most. Lower 'max_output_tokens' or leave it out.", "max_output_tokens"));

        // 2. Items to a conversation.
        var built = PromptBuilder.Build(request, served.Model.ChatTemplate.Tokens.HasThinkSection, IsThinking(request));
        if (built is PromptResult.Refused badInput)
            return new PlanResult.Refused(badInput.Error);
        var prompt = ((PromptResult.Built)built).Prompt;
        if (prompt.Tools.Count > 0 && !served.Model.ChatTemplate.SupportsTools)
            return new PlanResult.Refused(new(ErrorCode.UnsupportedTool, $"The chat format of '{served.Name}' has no function calls that this server can read. Leave 'tools' out.", "tools"));

        // 3. The shape of the answer.
        var shaped = AnswerConstraints.For(request, served.Model.ChatTemplate.Tokens, _grammars);
        if (shaped is ConstraintResult.Refused badShape)
            return new PlanResult.Refused(badShape.Error);

        // 4. The context window.
        return _window.Fit(prompt, request.Truncation, request.MaxOutputTokens) switch
        {
            FitResult.Refused refused => new PlanResult.Refused(new(ErrorCode.InvalidValue, refused.Reason, "input")),
            FitResult.TooLong tooLong => new PlanResult.Refused(TooLong(tooLong.AtLeast, request.Truncation)),
            FitResult.Fits fits => new PlanResult.Ready(Plan(request, fits.PromptIds, ((ConstraintResult.Built)shaped).Constraint)),
            _ => throw new UnreachableException(),
        };
    }

    private AnswerPlan Plan(CreateResponseRequest request, int[] promptIds, ITokenConstraint? shape)
    {
        var maxOutputTokens = (int)Math.Min(OutputLimit(request), _window.Size - promptIds.Length);
        var startsThinking = served.Model.ChatTemplate.OpensThinking(promptIds);
        return new()
        {
            Request = request,
            StartsThinking = startsThinking,
            Generation = new()
            {
                PromptIds = promptIds,
                MaxOutputTokens = maxOutputTokens,
                Constraint = Thinking(request, shape, maxOutputTokens, startsThinking),
                Sampling = Sampling(request),
                Logprobs = WantsLogprobs(request),
                TopLogprobs = request.TopLogprobs ?? 0,
                Priority = Priority(request.ServiceTier),
                CacheKey = request.PromptCacheKey,
            },
        };
    }

    // 5. Thinking: a section before the answer, where the model has one.
    private ITokenConstraint? Thinking(CreateResponseRequest request, ITokenConstraint? shape, int maxOutputTokens, bool isOpen)
    {
        var tokens = served.Model.ChatTemplate.Tokens;
        return tokens.HasThinkSection && (isOpen || ThinkingBudget.HasRoom(maxOutputTokens))
            ? new ThinkingConstraint(tokens, shape, _thinking.Of(request.Reasoning?.Effort, maxOutputTokens), isOpen)
            : shape;
    }

    private bool IsThinking(CreateResponseRequest request) =>
        ThinkingBudget.IsAsked(request.Reasoning?.Effort) && _thinking.Of(request.Reasoning?.Effort, OutputLimit(request)) > 0;

    private long OutputLimit(CreateResponseRequest request) => request.MaxOutputTokens ?? _maxOutputTokens ?? long.MaxValue;

    // 6. Sampling. Top-p 0 keeps the most probable token alone, which is what greedy does; the engine wants more than 0.
    private static SamplingOptions Sampling(CreateResponseRequest request) => new()
    {
        Temperature = request.TopP == 0 ? 0 : (float)request.Temperature,
        TopP = request.TopP == 0 ? 1 : (float)request.TopP,
        PresencePenalty = (float)request.PresencePenalty,
        FrequencyPenalty = (float)request.FrequencyPenalty,
    };

    private static RequestPriority Priority(ServiceTier tier) => tier switch
    {
        ServiceTier.Priority => RequestPriority.High,
        ServiceTier.Flex => RequestPriority.Low,
        _ => RequestPriority.Normal,
    };

    private static bool WantsLogprobs(CreateResponseRequest request) =>
        request.TopLogprobs > 0 || request.Include.Contains(IncludeNames.OutputLogprobs);

    private ApiError TooLong(long atLeast, Truncation truncation) => new(
        ErrorCode.ContextLengthExceeded,
        $"The input takes {atLeast} tokens or more; '{served.Name}' holds {_window.Size} for input and output together. "
            + (truncation == Truncation.Disabled ? "Shorten it, or set 'truncation' to 'auto' to drop old turns." : "Shorten the instructions or the last message."),
        "input");
}
