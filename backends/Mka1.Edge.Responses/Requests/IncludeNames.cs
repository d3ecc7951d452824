namespace Mka1.Edge.Responses;

/// <summary>The values of <c>include</c> (contract.md B.5, and one more from OpenAI's list).</summary>
public static class IncludeNames
{
    public const string WebSearchSources = "web_search_call.action.sources";
    public const string WebSearchResults = "web_search_call.results";
    public const string CodeInterpreterOutputs = "code_interpreter_call.outputs";
    public const string ComputerImageUrl = "computer_call_output.output.image_url";
    public const string FileSearchResults = "file_search_call.results";
    public const string InputImageUrl = "message.input_image.image_url";
    public const string OutputLogprobs = "message.output_text.logprobs";
    public const string EncryptedReasoning = "reasoning.encrypted_content";

    /// <summary>All of them, in the order messages list them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        WebSearchSources, WebSearchResults, CodeInterpreterOutputs, ComputerImageUrl,
        FileSearchResults, InputImageUrl, OutputLogprobs, EncryptedReasoning,
    ];
}
