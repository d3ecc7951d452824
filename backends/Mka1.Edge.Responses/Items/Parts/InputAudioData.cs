namespace Mka1.Edge.Responses;

/// <summary>The <c>input_audio</c> object.</summary>
/// <param name="Data">Base64.</param>
/// <param name="Format">mp3 or wav.</param>
public sealed record InputAudioData(JsonText Data, string Format);
