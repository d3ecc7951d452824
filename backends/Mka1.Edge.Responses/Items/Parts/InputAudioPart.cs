namespace Mka1.Edge.Responses;

/// <summary>Sound, inline.</summary>
public sealed class InputAudioPart() : ContentPart(PartTypes.InputAudio)
{
    public required InputAudioData InputAudio { get; init; }
}
