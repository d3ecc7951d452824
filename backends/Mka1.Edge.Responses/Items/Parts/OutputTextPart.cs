using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Text the model wrote.</summary>
public sealed class OutputTextPart() : ContentPart(PartTypes.OutputText)
{
    public required JsonText Text { get; init; }

    /// <summary>Citations, as JSON objects.</summary>
    public IReadOnlyList<JsonElement> Annotations { get; init; } = [];

    /// <summary>One entry a token, when <c>include</c> asked for it.</summary>
    public IReadOnlyList<TokenLogprob> Logprobs { get; init; } = [];
}
