using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>The <c>reasoning</c> object of a request and of the response that echoes it.</summary>
public sealed record ReasoningOptions
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ReasoningEffort? Effort { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ReasoningSummary? Summary { get; init; }
}
