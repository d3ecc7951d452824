using System.Text.RegularExpressions;

namespace Mka1.Edge.Responses;

/// <summary>Names the field of a refusal the way whoever gets it has sent it.</summary>
public static partial class ChatErrorPaths
{
    private const string Schema = "response_format.json_schema";

    /// <summary>The same refusal, with chat's name in place of the Responses API's.</summary>
    public static ApiError InChat(ApiError error) => Renamed(error, ToChat);

    /// <summary>The same refusal, with the Responses API's name in place of chat's.</summary>
    public static ApiError InResponses(ApiError error) => Renamed(error, ToResponses);

    private static ApiError Renamed(ApiError error, Func<string, string> rename)
    {
        if (error.Param is not { } path)
            return error;
        var renamed = rename(path);
        return renamed == path ? error : error with { Param = renamed, Message = error.Message.Replace($"'{path}'", $"'{renamed}'", StringComparison.Ordinal) };
    }

    private static string ToChat(string path) => path switch
    {
        "max_output_tokens" => "max_completion_tokens",
        "reasoning.effort" => "reasoning_effort",
        "text.verbosity" => "verbosity",
        "text.format.type" or "text.format" => "response_format",

        // Items and messages are not one to one, so which of them it is cannot be told.
        _ when path.StartsWith("input", StringComparison.Ordinal) => "messages",
        _ when path.StartsWith("tools[", StringComparison.Ordinal) => ResponsesTool().Replace(path, "$1.function$2"),
        _ when path.StartsWith("text.format.", StringComparison.Ordinal) => Schema + path["text.format".Length..],
        _ => path,
    };

    private static string ToResponses(string path) => path switch
    {
        "max_tokens" or "max_completion_tokens" => "max_output_tokens",
        "reasoning_effort" => "reasoning.effort",
        "verbosity" => "text.verbosity",
        "logprobs" => "include",
        _ when path.StartsWith("messages", StringComparison.Ordinal) => "input",
        _ when path.StartsWith("tools[", StringComparison.Ordinal) => ChatTool().Replace(path, "$1$2"),
        _ when path.StartsWith(Schema + ".", StringComparison.Ordinal) => "text.format" + path[Schema.Length..],
        _ when path.StartsWith("response_format", StringComparison.Ordinal) => "text.format",
        _ => path,
    };

    [GeneratedRegex(@"^(tools\[\d+\])(\.(?:name|description|parameters|strict).*)$")]
    private static partial Regex ResponsesTool();

    [GeneratedRegex(@"^(tools\[\d+\])\.function(\..*)?$")]
    private static partial Regex ChatTool();
}
