namespace Mka1.Edge.Responses;

/// <summary>The <c>type</c> of each item kind (contract.md D.1).</summary>
public static class ItemTypes
{
    public const string Message = "message";
    public const string OutputAudio = "output_audio";
    public const string FileSearchCall = "file_search_call";
    public const string ComputerCall = "computer_call";
    public const string ComputerCallOutput = "computer_call_output";
    public const string WebSearchCall = "web_search_call";
    public const string FunctionCall = "function_call";
    public const string FunctionCallOutput = "function_call_output";
    public const string Reasoning = "reasoning";
    public const string ImageGenerationCall = "image_generation_call";
    public const string CodeInterpreterCall = "code_interpreter_call";
    public const string LocalShellCall = "local_shell_call";
    public const string LocalShellCallOutput = "local_shell_call_output";
    public const string ShellCall = "shell_call";
    public const string ShellCallOutput = "shell_call_output";
    public const string McpListTools = "mcp_list_tools";
    public const string McpApprovalRequest = "mcp_approval_request";
    public const string McpApprovalResponse = "mcp_approval_response";
    public const string McpCall = "mcp_call";
    public const string CustomToolCall = "custom_tool_call";
    public const string CustomToolCallOutput = "custom_tool_call_output";
    public const string ItemReference = "item_reference";
    public const string Compaction = "compaction";
}
