using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Prompting;

/// <summary>Turns the items of a request into the conversation the model reads.</summary>
internal static class PromptBuilder
{
    /// <param name="request">The request.</param>
    /// <param name="thinks">Whether the model has a think section: thoughts of earlier turns are then shown to its template.</param>
    /// <param name="thinking">Whether it is asked to think now.</param>
    public static PromptResult Build(CreateResponseRequest request, bool thinks, bool thinking)
    {
        var turns = new List<ChatTurn>(request.Input.Count);
        var calls = new HashSet<string>(StringComparer.Ordinal);
        string? thought = null;
        for (var i = 0; i < request.Input.Count; i++)
        {
            var before = turns.Count;
            if (Add(request.Input[i], i, turns, calls) is { } error)
                return new PromptResult.Refused(error);
            if (thought is not null && turns.Count > before && IsAssistants(turns[before]))
                turns[before] = turns[before] with { Thought = thought };
            thought = thinks && request.Input[i] is ReasoningItem reasoning ? ThoughtOf(reasoning) : null;
        }

        if (turns.Count == 0 && string.IsNullOrEmpty(request.Instructions))
            return new PromptResult.Refused(new(ErrorCode.MissingRequiredParameter, "There is nothing to answer. Send 'input' with at least one message.", "input"));

        return new PromptResult.Built(new()
        {
            Instructions = request.Instructions,
            Tools = OfferedTools(request),
            Thinking = thinking,
            Turns = turns,
        });
    }

    private static ApiError? Add(ResponseItem item, int index, List<ChatTurn> turns, HashSet<string> calls)
    {
        switch (item)
        {
            case MessageItem message:
                if (TextParts.Join(message.Content, $"input[{index}].content", out var said) is { } badPart)
                    return badPart;
                turns.Add(new ChatTurn.Message(RoleOf(message.Role), said));
                return null;
            case FunctionCallItem call:
                calls.Add(call.CallId);
                turns.Add(new ChatTurn.ToolCall(call.Name, call.Arguments.Value));
                return null;
            case FunctionCallOutputItem output when !calls.Contains(output.CallId):
                // A result without its call would be a turn the model has never seen the like of.
                return new(ErrorCode.InvalidValue, "No function_call before this output has this call_id. Send the call as well.", $"input[{index}].call_id");
            case FunctionCallOutputItem output:
                if (Output(output.Output, index, out var returned) is { } badOutput)
                    return badOutput;
                turns.Add(new ChatTurn.ToolResult(returned));
                return null;
            case ReasoningItem:
                // Rides on the turn after it, if at all: to a model that does not think aloud it would only take up its window.
                return null;
            default:
                return new(ErrorCode.UnsupportedParameter, $"This server cannot read an item of type '{item.Type}'. Send messages, function calls and their outputs.", $"input[{index}].type");
        }
    }

    private static bool IsAssistants(ChatTurn turn) => turn is ChatTurn.ToolCall or ChatTurn.Message { Role: ChatRole.Assistant };

    /// <summary>The thought itself; null where only a summary of it was sent, which is not what the model wrote.</summary>
    private static string? ThoughtOf(ReasoningItem item) => item.Content is { Count: > 0 } content && TextParts.Join(content, "content", out var text) is null ? text : null;

    private static ApiError? Output(ToolOutput output, int index, out string text)
    {
        if (output is ToolOutput.Parts parts)
            return TextParts.Join(parts.Value, $"input[{index}].output", out text);
        text = ((ToolOutput.Text)output).Value.Value;
        return null;
    }

    /// <summary>The functions shown to the model: none when it may not call any, so that it is not led into trying.</summary>
    private static ChatTool[] OfferedTools(CreateResponseRequest request) =>
        request.ToolChoice is ToolChoice.Mode { Value: ToolChoiceMode.None }
            ? []
            : [.. request.Tools.OfType<FunctionTool>().Select(tool => new ChatTool(tool.Name, tool.Description, tool.Parameters?.GetRawText() ?? "{}"))];

    private static ChatRole RoleOf(MessageRole role) => role switch
    {
        MessageRole.User => ChatRole.User,
        MessageRole.Assistant => ChatRole.Assistant,
        _ => ChatRole.System,
    };
}
