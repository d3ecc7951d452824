namespace Mka1.Edge.Inference.Chat;

/// <summary>A model's own chat template refuses a conversation, for instance one in which roles do not alternate.</summary>
public sealed class ChatTemplateException(string reason)
    : Exception($"The chat template of this model refuses the conversation: {reason}");
