using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Chat;

/// <summary>How a model wants conversations written down.</summary>
internal interface IChatFormat
{
    /// <summary>Whether calls can be asked for and read back.</summary>
    bool SupportsTools { get; }

    /// <summary>The prompt up to and including the start of the assistant's turn, and the text it begins with, if any.</summary>
    IReadOnlyList<TokenSegment> Render(ChatPrompt prompt, string? assistantPrefix);
}
