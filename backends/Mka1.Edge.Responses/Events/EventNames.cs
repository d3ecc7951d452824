namespace Mka1.Edge.Responses;

/// <summary>Names of stream events (contract.md E.2).</summary>
public static class EventNames
{
    public const string Created = "response.created";
    public const string Queued = "response.queued";
    public const string InProgress = "response.in_progress";
    public const string Completed = "response.completed";
    public const string Incomplete = "response.incomplete";
    public const string Failed = "response.failed";
    public const string OutputItemAdded = "response.output_item.added";
    public const string OutputItemDone = "response.output_item.done";
    public const string ContentPartAdded = "response.content_part.added";
    public const string ContentPartDone = "response.content_part.done";
    public const string OutputTextDelta = "response.output_text.delta";
    public const string OutputTextDone = "response.output_text.done";
    public const string OutputTextAnnotationAdded = "response.output_text.annotation.added";
    public const string RefusalDelta = "response.refusal.delta";
    public const string RefusalDone = "response.refusal.done";
    public const string FunctionCallArgumentsDelta = "response.function_call_arguments.delta";
    public const string FunctionCallArgumentsDone = "response.function_call_arguments.done";
    public const string CustomToolCallInputDelta = "response.custom_tool_call_input.delta";
    public const string CustomToolCallInputDone = "response.custom_tool_call_input.done";
    public const string ReasoningTextDelta = "response.reasoning_text.delta";
    public const string ReasoningTextDone = "response.reasoning_text.done";
    public const string ReasoningSummaryPartAdded = "response.reasoning_summary_part.added";
    public const string ReasoningSummaryPartDone = "response.reasoning_summary_part.done";
    public const string ReasoningSummaryTextDelta = "response.reasoning_summary_text.delta";
    public const string ReasoningSummaryTextDone = "response.reasoning_summary_text.done";
    public const string FileSearchInProgress = "response.file_search_call.in_progress";
    public const string FileSearchSearching = "response.file_search_call.searching";
    public const string FileSearchCompleted = "response.file_search_call.completed";
    public const string WebSearchInProgress = "response.web_search_call.in_progress";
    public const string WebSearchSearching = "response.web_search_call.searching";
    public const string WebSearchCompleted = "response.web_search_call.completed";
    public const string CodeInterpreterInProgress = "response.code_interpreter_call.in_progress";
    public const string CodeInterpreterInterpreting = "response.code_interpreter_call.interpreting";
    public const string CodeInterpreterCompleted = "response.code_interpreter_call.completed";
    public const string CodeInterpreterCodeDelta = "response.code_interpreter_call_code.delta";
    public const string CodeInterpreterCodeDone = "response.code_interpreter_call_code.done";
    public const string ImageGenerationInProgress = "response.image_generation_call.in_progress";
    public const string ImageGenerationGenerating = "response.image_generation_call.generating";
    public const string ImageGenerationCompleted = "response.image_generation_call.completed";
    public const string ImageGenerationPartialImage = "response.image_generation_call.partial_image";
    public const string McpCallInProgress = "response.mcp_call.in_progress";
    public const string McpCallCompleted = "response.mcp_call.completed";
    public const string McpCallFailed = "response.mcp_call.failed";
    public const string McpCallArgumentsDelta = "response.mcp_call_arguments.delta";
    public const string McpCallArgumentsDone = "response.mcp_call_arguments.done";
    public const string McpListToolsInProgress = "response.mcp_list_tools.in_progress";
    public const string McpListToolsCompleted = "response.mcp_list_tools.completed";
    public const string McpListToolsFailed = "response.mcp_list_tools.failed";
    public const string ShellCallCommandAdded = "response.shell_call_command.added";
    public const string ShellCallCommandDelta = "response.shell_call_command.delta";
    public const string ShellCallCommandDone = "response.shell_call_command.done";
    public const string ShellCallOutputContentDelta = "response.shell_call_output_content.delta";
    public const string ShellCallOutputContentDone = "response.shell_call_output_content.done";
    public const string AudioDelta = "response.audio.delta";
    public const string AudioDone = "response.audio.done";
    public const string AudioTranscriptDelta = "response.audio.transcript.delta";
    public const string AudioTranscriptDone = "response.audio.transcript.done";
    public const string CompactionCompacting = "response.compaction.compacting";
    public const string Error = "error";

    /// <summary>Whether an event carries a snapshot of the response.</summary>
    public static bool IsSnapshot(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("response.created"u8) || name.SequenceEqual("response.queued"u8) || name.SequenceEqual("response.in_progress"u8) || IsTerminal(name);

    /// <summary>Whether a stream ends with this event.</summary>
    public static bool IsTerminal(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("response.completed"u8) || name.SequenceEqual("response.incomplete"u8) || name.SequenceEqual("response.failed"u8);
}
