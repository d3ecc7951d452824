namespace Mka1.Edge.Responses;

/// <summary>Sound, inline.</summary>
public sealed class InputAudioPart : ContentPart
{
    public override string Type => PartTypes.InputAudio;

    public required InputAudioData InputAudio { get; init; }
}
