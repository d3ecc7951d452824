using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Inference.Tokenization;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Chat;

/// <summary>Renders a conversation into the token ids the model was trained on (ChatML with tool calls).</summary>
/// <remarks>
/// Everything between two control tokens is one text segment, encoded without looking for control tokens: what a user
/// writes can never end a turn or start another.
/// </remarks>
public sealed class ChatTemplate
{
    private readonly Tokenizer _tokenizer;

    private ChatTemplate(Tokenizer tokenizer, ChatTokens tokens)
    {
        _tokenizer = tokenizer;
        Tokens = tokens;
    }

    /// <summary>The control tokens the template uses.</summary>
    public ChatTokens Tokens { get; }

    /// <summary>Checks that a model speaks this chat format, by its <c>tokenizer_config.json</c> and its control tokens.</summary>
    /// <exception cref="ModelFormatException">It does not.</exception>
    internal static ChatTemplate Load(string directory, Tokenizer tokenizer)
    {
        using var file = JsonFile.Open(directory, "tokenizer_config.json");
        if (file.Text("chat_template") is { } template
            && !(template.Contains("<|im_start|>", StringComparison.Ordinal) && template.Contains("<tool_call>", StringComparison.Ordinal)))
        {
            throw file.Error("chat_template", "is of another family; supported is ChatML (<|im_start|>) with <tool_call>.");
        }

        var tokens = new ChatTokens(Require("<|im_start|>"), Require("<|im_end|>"), Require("<tool_call>"), Require("</tool_call>"));
        if (tokenizer[tokens.TurnEnd].Kind != TokenKind.EndOfTurn)
            throw new ModelFormatException(Path.Combine(directory, "generation_config.json"), "'eos_token_id' must list the id of <|im_end|>.");
        return new ChatTemplate(tokenizer, tokens);

        int Require(string content) => tokenizer.TryGetSpecial(content, out var id)
            ? id
            : throw new ModelFormatException(Path.Combine(directory, "tokenizer.json"), $"'added_tokens' lacks '{content}', which the chat format needs.");
    }

    /// <summary>The prompt up to and including the start of the assistant's turn.</summary>
    /// <param name="prompt">The conversation.</param>
    /// <param name="assistantPrefix">Text the assistant's turn begins with, if any; the model continues it.</param>
    /// <exception cref="ArgumentException">A tool's <see cref="ChatTool.ParametersJson"/> is not JSON.</exception>
    public int[] Render(ChatPrompt prompt, string? assistantPrefix = null)
    {
        var segments = new List<TokenSegment>();
        var system = SystemText(prompt);
        if (system.Length > 0)
            AddBlock(segments, "system", system);
        foreach (var turn in prompt.Turns)
            AddTurn(segments, turn);
        segments.Add(new TokenSegment.Special(Tokens.TurnStart));
        segments.Add(new TokenSegment.Text("assistant\n" + assistantPrefix));
        return _tokenizer.EncodeSegments(segments);
    }

    private void AddTurn(List<TokenSegment> segments, ChatTurn turn)
    {
        switch (turn)
        {
            case ChatTurn.Message message:
                AddBlock(segments, RoleName(message.Role), message.Text);
                break;
            case ChatTurn.ToolCall call:
                segments.Add(new TokenSegment.Special(Tokens.TurnStart));
                segments.Add(new TokenSegment.Text("assistant\n"));
                segments.Add(new TokenSegment.Special(Tokens.ToolCallStart));
                segments.Add(new TokenSegment.Text(CallText(call)));
                segments.Add(new TokenSegment.Special(Tokens.ToolCallEnd));
                segments.Add(new TokenSegment.Special(Tokens.TurnEnd));
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
        segments.Add(new TokenSegment.Special(Tokens.TurnStart));
        segments.Add(new TokenSegment.Text($"{role}\n{text}"));
        segments.Add(new TokenSegment.Special(Tokens.TurnEnd));
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
