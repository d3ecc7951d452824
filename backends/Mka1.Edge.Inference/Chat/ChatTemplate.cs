namespace Mka1.Edge.Inference.Chat;

/// <summary>Renders a conversation into the token ids the model was trained on (ChatML with tool calls).</summary>
public sealed class ChatTemplate
{
    private ChatTemplate() { }

    /// <summary>The control tokens the template uses.</summary>
    public ChatTokens Tokens => throw new NotSupportedException();

    /// <summary>The prompt up to and including the start of the assistant's turn.</summary>
    /// <param name="prompt">The conversation.</param>
    /// <param name="assistantPrefix">Text the assistant's turn begins with, if any; the model continues it.</param>
    public int[] Render(ChatPrompt prompt, string? assistantPrefix = null) => throw new NotSupportedException();
}
