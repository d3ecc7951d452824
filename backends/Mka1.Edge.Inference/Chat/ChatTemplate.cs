using Mka1.Edge.Inference.Chat.Jinja;
using Mka1.Edge.Inference.Tokenization;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Chat;

/// <summary>Renders a conversation into the token ids the model was trained on.</summary>
/// <remarks>
/// Only the template's own text becomes control tokens, whatever the family: what a caller writes, be it in messages, tools or
/// arguments, can never end a turn or start another.
/// </remarks>
public sealed class ChatTemplate
{
    private readonly Tokenizer _tokenizer;
    private readonly IChatFormat _format;

    private ChatTemplate(Tokenizer tokenizer, ChatTokens tokens, IChatFormat format)
    {
        _tokenizer = tokenizer;
        _format = format;
        Tokens = tokens;
    }

    /// <summary>The control tokens that decoding needs to know.</summary>
    public ChatTokens Tokens { get; }

    /// <summary>Whether functions can be offered: the format has a place for them, and tokens around a call.</summary>
    public bool SupportsTools => _format.SupportsTools;

    /// <summary>Reads a model's chat format: the demo family's own, or a template of <c>tokenizer_config.json</c>, <c>chat_template.jinja</c> or <c>chat_template.json</c>.</summary>
    /// <exception cref="ModelFormatException">There is none, or it uses what is not supported.</exception>
    internal static ChatTemplate Load(string directory, Tokenizer tokenizer, TimeProvider? time = null)
    {
        var source = ChatTemplateSource.Read(directory);
        if (source.IsDemoFamily)
        {
            var tokens = new ChatTokens(Require("<|im_start|>"), Require("<|im_end|>"), Require("<tool_call>"), Require("</tool_call>"));
            if (tokenizer[tokens.TurnEnd].Kind != TokenKind.EndOfTurn)
                throw new ModelFormatException(Path.Combine(directory, "generation_config.json"), "'eos_token_id' must list the id of <|im_end|>.");
            return new ChatTemplate(tokenizer, tokens, new ChatMlFormat(tokens));
        }

        var format = new JinjaFormat(Parse(source.Path, source.Template!), source.ToolTemplate is null ? null : Parse(source.Path, source.ToolTemplate), source, tokenizer, time ?? TimeProvider.System);
        var hasCalls = format.SupportsTools;
        var thinks = source.KnowsThinking && Find("<think>") >= 0 && Find("</think>") >= 0;
        return new ChatTemplate(
            tokenizer,
            new ChatTokens(
                Find("<|im_start|>"), End(),
                hasCalls ? Find("<tool_call>") : -1, hasCalls ? Find("</tool_call>") : -1,
                thinks ? Find("<think>") : -1, thinks ? Find("</think>") : -1),
            format);

        int Require(string content) => tokenizer.TryGetSpecial(content, out var id)
            ? id
            : throw new ModelFormatException(Path.Combine(directory, "tokenizer.json"), $"'added_tokens' lacks '{content}', which the chat format needs" + (source.Template is null ? "; the model has no 'chat_template' of its own." : "."));

        int Find(string content) => tokenizer.TryGetSpecial(content, out var id) ? id : -1;

        int End() => source.Names.TryGetValue("eos_token", out var name) && Find(name) is var id and >= 0 ? id : tokenizer.EndOfTurnIds[0];
    }

    /// <summary>The prompt up to and including the start of the assistant's turn.</summary>
    /// <param name="prompt">The conversation.</param>
    /// <param name="assistantPrefix">Text the assistant's turn begins with, if any; the model continues it.</param>
    /// <exception cref="ArgumentException">A tool's <see cref="ChatTool.ParametersJson"/> is not JSON.</exception>
    /// <exception cref="ChatTemplateException">The model's template refuses the conversation.</exception>
    public int[] Render(ChatPrompt prompt, string? assistantPrefix = null) => _tokenizer.EncodeSegments(_format.Render(prompt, assistantPrefix));

    /// <summary>Whether a prompt ends inside a think section: some templates open one for the model.</summary>
    public bool OpensThinking(ReadOnlySpan<int> promptIds)
    {
        if (!Tokens.HasThinkSection)
            return false;
        var last = promptIds.Length - 1;
        while (last >= 0 && _tokenizer[promptIds[last]] is { Kind: TokenKind.Text } token && token.Bytes.Span.Trim(" \r\n"u8).IsEmpty)
            last--;
        return last >= 0 && promptIds[last] == Tokens.ThinkStart;
    }

    private static JinjaTemplate Parse(string path, string template)
    {
        try
        {
            return JinjaTemplate.Parse(template);
        }
        catch (JinjaException e)
        {
            throw new ModelFormatException(path, $"'chat_template', {e.Message}", e);
        }
    }
}
