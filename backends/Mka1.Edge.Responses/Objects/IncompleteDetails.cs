namespace Mka1.Edge.Responses;

/// <summary>Why a response was cut short.</summary>
/// <param name="Reason"><see cref="MaxOutputTokens"/>, <see cref="ContentFilter"/> or another the model server gave.</param>
public sealed record IncompleteDetails(string Reason)
{
    public const string MaxOutputTokens = "max_output_tokens";
    public const string ContentFilter = "content_filter";
}
