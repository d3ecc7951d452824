namespace Mka1.Edge.Responses;

/// <summary>The answer of <c>POST /responses/input_tokens</c>.</summary>
public sealed record InputTokenCount(long InputTokens)
{
    public string Object { get; } = "response.input_tokens";
}
