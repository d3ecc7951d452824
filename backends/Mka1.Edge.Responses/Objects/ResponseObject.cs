using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>
/// The response resource: the "Emit" column of contract.md C.1, in the order MKA1's sample prints it.
/// Members marked Never are written even when null, because some client requires the key.
/// </summary>
public sealed record ResponseObject
{
    /// <summary><c>resp_</c> and 32 lowercase hex digits.</summary>
    public required string Id { get; init; }

    public string Object { get; } = "response";

    /// <summary>Unix seconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Unix seconds at which the response reached a terminal status.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? CompletedAt { get; init; }

    public required ResponseStatus Status { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ResponseError? Error { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IncompleteDetails? IncompleteDetails { get; init; }

    public bool Background { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Instructions { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? MaxOutputTokens { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? MaxToolCalls { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = CreateResponseRequest.EmptyMetadata;

    public required string Model { get; init; }

    public IReadOnlyList<ResponseItem> Output { get; init; } = [];

    /// <summary>The text of every output_text part, joined.</summary>
    public string OutputText => OutputTexts.Join(Output);

    public bool ParallelToolCalls { get; init; } = true;

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? PreviousResponseId { get; init; }

    public ReasoningOptions Reasoning { get; init; } = new();

    public ServiceTier ServiceTier { get; init; } = ServiceTier.Auto;

    public bool Store { get; init; } = true;

    public TextOptions Text { get; init; } = new();

    public ToolChoice ToolChoice { get; init; } = ToolChoice.Auto;

    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    public Truncation Truncation { get; init; } = Truncation.Auto;

    /// <summary>Null until the response is terminal.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public Usage? Usage { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? User { get; init; }

    public ConversationReference? Conversation { get; init; }

    public PromptReference? Prompt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? PromptCacheKey { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? SafetyIdentifier { get; init; }

    public double Temperature { get; init; } = 1;

    public double TopP { get; init; } = 1;

    public double PresencePenalty { get; init; }

    public double FrequencyPenalty { get; init; }

    public int TopLogprobs { get; init; }

    public IReadOnlyList<ContextManagement>? ContextManagement { get; init; }

    /// <summary>Whether nothing more will happen to the response.</summary>
    [JsonIgnore]
    public bool IsTerminal => Status is not (ResponseStatus.Queued or ResponseStatus.InProgress);
}
