namespace Mka1.Edge.Responses;

/// <summary>The <c>type</c> of each content part (contract.md D.2).</summary>
public static class PartTypes
{
    public const string InputText = "input_text";
    public const string InputImage = "input_image";
    public const string InputFile = "input_file";
    public const string InputAudio = "input_audio";
    public const string OutputText = "output_text";
    public const string Refusal = "refusal";
    public const string ReasoningText = "reasoning_text";
    public const string SummaryText = "summary_text";

    /// <summary>Whether a part is something other than text for the model to read: a picture, a file or sound.</summary>
    public static bool IsMedia(ContentPart part) => part is InputImagePart or InputFilePart or InputAudioPart;
}
