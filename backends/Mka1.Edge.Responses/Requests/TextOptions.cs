namespace Mka1.Edge.Responses;

/// <summary>The <c>text</c> object: the output's format and verbosity.</summary>
public sealed record TextOptions
{
    public TextFormat Format { get; init; } = TextFormat.PlainText;

    public Verbosity Verbosity { get; init; } = Verbosity.Medium;
}
