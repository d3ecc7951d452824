namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>What an id stands for.</summary>
public enum ObjectKind
{
    Response,

    /// <summary>An item of a response's output.</summary>
    OutputItem,

    /// <summary>An item of a response's input.</summary>
    InputItem,
    Conversation,
    ConversationItem,
    Prompt,
    PromptVersion,

    /// <summary>An API key, which belongs to a tenant and to no end user.</summary>
    Key,
    WebhookEvent,

    /// <summary>A subject of the safety ladder; it is its tenant's.</summary>
    SafetySubject,

    /// <summary>An <c>Idempotency-Key</c> that its owner has used for the very request that is sent.</summary>
    KeyOfThis,

    /// <summary>An <c>Idempotency-Key</c> that its owner has used for another request.</summary>
    KeyOfAnother,
}
