using System.Text.RegularExpressions;

namespace Mka1.Edge.Responses;

/// <summary>Names the fields of a refusal the way a chat client sent them.</summary>
public static partial class ChatErrorPaths
{
    /// <summary>The same refusal, with chat's names in place of the Responses API's.</summary>
    public static ApiError InChat(ApiError error)
    {
        if (error.Param is not { } path)
            return error;
        var renamed = Rename(path);
        return renamed == path ? error : error with { Param = renamed, Message = error.Message.Replace($"'{path}'", $"'{renamed}'", StringComparison.Ordinal) };
    }

    private static string Rename(string path)
    {
        if (path.StartsWith("input", StringComparison.Ordinal))
            return "messages";
        if (path.StartsWith("tools[", StringComparison.Ordinal))
            return ToolMember().Replace(path, "$1.function$2");
        return path switch
        {
            "max_output_tokens" => "max_completion_tokens",
            "reasoning.effort" => "reasoning_effort",
            "text.verbosity" => "verbosity",
            "text.format.type" or "text.format" => "response_format",
            _ when path.StartsWith("text.format", StringComparison.Ordinal) => "response_format.json_schema" + path["text.format".Length..],
            _ => path,
        };
    }

    [GeneratedRegex(@"^(tools\[\d+\])(\.(?:name|description|parameters|strict).*)$")]
    private static partial Regex ToolMember();
}
