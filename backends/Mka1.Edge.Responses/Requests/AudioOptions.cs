namespace Mka1.Edge.Responses;

/// <summary>The <c>audio</c> object, used when <c>modalities</c> asks for audio.</summary>
public sealed record AudioOptions
{
    public string? Voice { get; init; }

    /// <summary>wav, mp3, flac, opus or pcm16.</summary>
    public string? Format { get; init; }
}
