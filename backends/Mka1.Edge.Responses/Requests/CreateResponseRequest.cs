using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>
/// A create request that passed every rule of contract.md B. Fields with a default hold their effective value;
/// what the caller really sent stands in <see cref="Raw"/>. Elements inside point into the body's memory, so the
/// body must stay unchanged for as long as the request is in use.
/// </summary>
public sealed record CreateResponseRequest
{
    /// <summary>The body as received.</summary>
    public required ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>The body's root object, for fields this type does not know.</summary>
    public required JsonElement Root { get; init; }

    public required string Model { get; init; }

    /// <summary>The input as items; a plain text input is one user message. Empty when absent.</summary>
    public IReadOnlyList<ResponseItem> Input { get; init; } = [];

    /// <summary>Whether <c>input</c> was a string.</summary>
    public bool InputIsText { get; init; }

    public string? Instructions { get; init; }

    /// <summary>The conversation's id, whichever of its two forms was sent.</summary>
    public string? Conversation { get; init; }

    public string? PreviousResponseId { get; init; }

    public PromptReference? Prompt { get; init; }

    /// <summary>Values of <see cref="IncludeNames"/>.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    public TextOptions Text { get; init; } = new();

    public bool Stream { get; init; }

    public StreamOptions? StreamOptions { get; init; }

    public bool Store { get; init; } = true;

    public bool Background { get; init; }

    public string? WebhookUrl { get; init; }

    public string? WebhookSecret { get; init; }

    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    public ToolChoice ToolChoice { get; init; } = ToolChoice.Auto;

    public bool ParallelToolCalls { get; init; } = true;

    /// <summary>1 to 300.</summary>
    public int MaxToolCalls { get; init; }

    public ReasoningOptions? Reasoning { get; init; }

    public bool AutoRouting { get; init; }

    public bool AutoRoutingDebug { get; init; }

    /// <summary>Tokens, reasoning included; null when the caller set no bound.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>0 to 2.</summary>
    public double Temperature { get; init; }

    /// <summary>0 to 1.</summary>
    public double TopP { get; init; }

    /// <summary>0 to 20; null when the caller did not ask.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>-2 to 2.</summary>
    public double PresencePenalty { get; init; }

    /// <summary>-2 to 2.</summary>
    public double FrequencyPenalty { get; init; }

    public Truncation Truncation { get; init; }

    public ContextManagement? ContextManagement { get; init; }

    public ServiceTier ServiceTier { get; init; }

    public string? PromptCacheKey { get; init; }

    public string? SafetyIdentifier { get; init; }

    /// <summary>At most 16 pairs.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = EmptyMetadata;

    public IReadOnlyList<Modality> Modalities { get; init; } = [Modality.Text];

    public AudioOptions? Audio { get; init; }

    /// <summary>Deprecated by MKA1 in favour of <see cref="SafetyIdentifier"/> and <see cref="PromptCacheKey"/>.</summary>
    public string? User { get; init; }

    internal static IReadOnlyDictionary<string, string> EmptyMetadata { get; } = new Dictionary<string, string>(0);
}
