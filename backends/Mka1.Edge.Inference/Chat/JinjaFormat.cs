using Mka1.Edge.Inference.Chat.Jinja;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Chat;

/// <summary>Conversations written by the model's own Jinja template.</summary>
/// <remarks>
/// All that a caller sent is marked before it goes in, and the marks come out with the text: a control token is one only where
/// every letter of it is the template's.
/// </remarks>
internal sealed class JinjaFormat(JinjaTemplate template, JinjaTemplate? toolTemplate, ChatTemplateSource source, Tokenizer tokenizer, TimeProvider time) : IChatFormat
{
    /// <inheritdoc/>
    /// <remarks>Calls are read in Hermes' form, <c>&lt;tool_call&gt;{"name":…,"arguments":…}&lt;/tool_call&gt;</c>, which Qwen speaks; other forms have no tokens around a call.</remarks>
    public bool SupportsTools { get; } =
        (source.ToolTemplate ?? source.Template!).Contains("<tool_call>", StringComparison.Ordinal)
        && (source.ToolTemplate ?? source.Template!).Contains("arguments", StringComparison.Ordinal)
        && tokenizer.TryGetSpecial("<tool_call>", out _) && tokenizer.TryGetSpecial("</tool_call>", out _);

    /// <inheritdoc/>
    public IReadOnlyList<TokenSegment> Render(ChatPrompt prompt, string? assistantPrefix)
    {
        var variables = source.Names.ToDictionary(name => name.Key, name => (object?)(MarkedText)name.Value, StringComparer.Ordinal);
        variables["messages"] = ChatMessages.Of(prompt);
        variables["tools"] = ChatMessages.Tools(prompt);
        variables["documents"] = null;
        variables["add_generation_prompt"] = true;
        variables["enable_thinking"] = prompt.Thinking;
        MarkedText text;
        try
        {
            text = (prompt.Tools.Count > 0 ? toolTemplate ?? template : template).Render(variables, time);
        }
        catch (JinjaException e)
        {
            throw new ChatTemplateException(e.Message);
        }
        if (!string.IsNullOrEmpty(assistantPrefix))
            text = MarkedText.Join("", [text, MarkedText.FromCaller(assistantPrefix)]);
        return tokenizer.Cut(text.Value, text.IsOwn);
    }
}
