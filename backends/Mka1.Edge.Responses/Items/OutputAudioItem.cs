namespace Mka1.Edge.Responses;

/// <summary>Kind 3: speech made from the answer.</summary>
public sealed class OutputAudioItem() : ResponseItem(ItemTypes.OutputAudio)
{
    /// <summary>Base64.</summary>
    public JsonText? Data { get; init; }

    public JsonText? Transcript { get; init; }
}
