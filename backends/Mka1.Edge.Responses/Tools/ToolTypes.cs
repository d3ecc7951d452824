namespace Mka1.Edge.Responses;

/// <summary>The <c>type</c> of each tool definition (contract.md D.3).</summary>
public static class ToolTypes
{
    public const string Function = "function";
    public const string FileSearch = "file_search";
    public const string Computer = "computer";
    public const string ComputerUsePreview = "computer_use_preview";
    public const string WebSearch = "web_search";
    public const string WebSearchPreview = "web_search_preview";
    public const string Mcp = "mcp";
    public const string CodeInterpreter = "code_interpreter";
    public const string ImageGeneration = "image_generation";
    public const string LocalShell = "local_shell";
    public const string Shell = "shell";
    public const string Custom = "custom";
    public const string Hosted = "hosted";
    public const string History = "history";
    public const string Sleep = "sleep";
}
