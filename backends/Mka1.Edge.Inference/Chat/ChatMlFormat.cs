using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Chat;

/// <summary>The format of the demo family: ChatML with tool calls in turns of their own, JSON without white space.</summary>
/// <remarks>
/// Everything between two control tokens is one text segment, encoded without looking for control tokens: what a user
/// writes can never end a turn or start another.
/// </remarks>
internal sealed class ChatMlFormat(ChatTokens tokens) : IChatFormat
{
    /// <inheritdoc/>
    public bool SupportsTools => true;

    /// <inheritdoc/>
    public IReadOnlyList<TokenSegment> Render(ChatPrompt prompt, string? assistantPrefix)
    {
        var segments = new List<TokenSegment>();
        var system = SystemText(prompt);
        if (system.Length > 0)
            AddBlock(segments, "system", system);
        foreach (var turn in prompt.Turns)
            AddTurn(segments, turn);
        segments.Add(new TokenSegment.Special(tokens.TurnStart));
        segments.Add(new TokenSegment.Text("assistant\n" + assistantPrefix));
        return segments;
    }

    private void AddTurn(List<TokenSegment> segments, ChatTurn turn)
    {
        switch (turn)
        {
            case ChatTurn.Message message:
                AddBlock(segments, RoleName(message.Role), message.Text);
                break;
            case ChatTurn.ToolCall call:
                segments.Add(new TokenSegment.Special(tokens.TurnStart));
                segments.Add(new TokenSegment.Text("assistant\n"));
                segments.Add(new TokenSegment.Special(tokens.ToolCallStart));
                segments.Add(new TokenSegment.Text(CallText(call)));
                segments.Add(new TokenSegment.Special(tokens.ToolCallEnd));
                segments.Add(new TokenSegment.Special(tokens.TurnEnd));
                segments.Add(new TokenSegment.Text("\n"));
                break;
            case ChatTurn.ToolResult result:
                AddBlock(segments, "tool", result.Text);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void AddBlock(List<TokenSegment> segments, string role, string text)
    {
        segments.Add(new TokenSegment.Special(tokens.TurnStart));
        segments.Add(new TokenSegment.Text($"{role}\n{text}"));
        segments.Add(new TokenSegment.Special(tokens.TurnEnd));
        segments.Add(new TokenSegment.Text("\n"));
    }

    private static string SystemText(ChatPrompt prompt)
    {
        var text = new StringBuilder(prompt.Instructions);
        if (prompt.Tools.Count > 0)
        {
            if (text.Length > 0)
                text.Append("\n\n");
            text.Append("# Tools\n").AppendJoin('\n', prompt.Tools.Select(ToolText));
        }
        return text.ToString();
    }

    private static string ToolText(ChatTool tool)
    {
        var text = new StringBuilder("{\"name\":");
        JsonText.AppendString(text, tool.Name);
        if (tool.Description is not null)
            JsonText.AppendString(text.Append(",\"description\":"), tool.Description);
        try
        {
            return text.Append(",\"parameters\":").Append(JsonText.Minify(tool.ParametersJson)).Append('}').ToString();
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"The parameters of tool '{tool.Name}' are not JSON.", nameof(tool), e);
        }
    }

    private static string CallText(ChatTurn.ToolCall call)
    {
        var text = new StringBuilder("{\"name\":");
        JsonText.AppendString(text, call.Name);
        text.Append(",\"arguments\":");
        try
        {
            text.Append(JsonText.Minify(call.ArgumentsJson));
        }
        catch (JsonException)
        {
            // A client may replay a call whose arguments were cut off: show them as they are, as a string.
            JsonText.AppendString(text, call.ArgumentsJson);
        }
        return text.Append('}').ToString();
    }

    private static string RoleName(ChatRole role) => role switch
    {
        ChatRole.User => "user",
        ChatRole.Assistant => "assistant",
        ChatRole.System => "system",
        _ => throw new UnreachableException(),
    };
}
