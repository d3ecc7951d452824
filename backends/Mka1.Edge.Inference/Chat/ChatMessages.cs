using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Mka1.Edge.Inference.Chat.Jinja;

namespace Mka1.Edge.Inference.Chat;

/// <summary>A conversation as chat templates expect it: a list of messages with role and content, calls within the assistant's message.</summary>
internal static class ChatMessages
{
    public static List<object?> Of(ChatPrompt prompt)
    {
        var messages = new List<object?>();
        var calls = 0;
        var answered = 0;
        var system = new List<MarkedText>();
        if (!string.IsNullOrEmpty(prompt.Instructions))
            system.Add(MarkedText.FromCaller(prompt.Instructions));

        // Templates know one system message, the first: what the operator says at the start is one.
        var leading = prompt.Turns.TakeWhile(turn => turn is ChatTurn.Message { Role: ChatRole.System }).Cast<ChatTurn.Message>().ToArray();
        system.AddRange(leading.Select(message => MarkedText.FromCaller(message.Text)));
        if (system.Count > 0)
            messages.Add(Message("system", MarkedText.Join("\n\n", system)));
        foreach (var turn in prompt.Turns.Skip(leading.Length))
        {
            switch (turn)
            {
                case ChatTurn.Message message:
                    var said = Message(RoleName(message.Role), MarkedText.FromCaller(message.Text));
                    AddThought(said, message);
                    messages.Add(said);
                    break;
                case ChatTurn.ToolCall call:
                    AddCall(messages, call, ++calls);
                    break;
                case ChatTurn.ToolResult result:
                    var returned = Message("tool", MarkedText.FromCaller(result.Text));
                    returned["tool_call_id"] = (MarkedText)Id(Math.Min(++answered, calls));
                    messages.Add(returned);
                    break;
                default:
                    throw new UnreachableException();
            }
        }
        return messages;
    }

    /// <summary>The functions on offer; null where there are none, as templates test for.</summary>
    public static List<object?>? Tools(ChatPrompt prompt) => prompt.Tools.Count == 0 ? null : [.. prompt.Tools.Select(Tool)];

    private static JinjaMap Message(string role, MarkedText content) => new() { ["role"] = (MarkedText)role, ["content"] = content };

    // Calls in a row, and what the assistant said before them, are one message.
    private static void AddCall(List<object?> messages, ChatTurn.ToolCall call, int number)
    {
        if (messages is not [.., JinjaMap message] || message["role"] is not MarkedText { Value: "assistant" })
            messages.Add(message = Message("assistant", MarkedText.Empty));
        AddThought(message, call);
        if (!message.TryGetValue("tool_calls", out var list))
            message["tool_calls"] = list = new List<object?>();
        ((List<object?>)list!).Add(new JinjaMap
        {
            ["id"] = (MarkedText)Id(number),
            ["type"] = (MarkedText)"function",
            ["function"] = new JinjaMap { ["name"] = MarkedText.FromCaller(call.Name), ["arguments"] = Arguments(call.ArgumentsJson) },
        });
    }

    private static void AddThought(JinjaMap message, ChatTurn turn)
    {
        if (!string.IsNullOrEmpty(turn.Thought))
            message["reasoning_content"] = MarkedText.FromCaller(turn.Thought);
    }

    private static object? Arguments(string json)
    {
        try
        {
            return JinjaJson.Parse(json);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // A client may replay a call whose arguments were cut off: they are shown as they are.
            return MarkedText.FromCaller(json);
        }
    }

    private static JinjaMap Tool(ChatTool tool)
    {
        var function = new JinjaMap { ["name"] = MarkedText.FromCaller(tool.Name) };
        if (tool.Description is not null)
            function["description"] = MarkedText.FromCaller(tool.Description);
        try
        {
            function["parameters"] = JinjaJson.Parse(tool.ParametersJson);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"The parameters of tool '{tool.Name}' are not JSON.", nameof(tool), e);
        }
        return new JinjaMap { ["type"] = (MarkedText)"function", ["function"] = function };
    }

    // Nine letters and digits, which is what Mistral's templates ask for.
    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"call{number:00000}");

    private static string RoleName(ChatRole role) => role switch
    {
        ChatRole.User => "user",
        ChatRole.Assistant => "assistant",
        ChatRole.System => "system",
        _ => throw new UnreachableException(),
    };
}
