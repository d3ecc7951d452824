namespace Mka1.Edge.Policies.Canary;

/// <summary>What stays together when a variant's requests are split.</summary>
public enum CanaryKey
{
    /// <summary>All requests of one tenant and end user.</summary>
    Caller,

    /// <summary>All requests of one conversation, else of one <c>prompt_cache_key</c>, else of one tenant and end user.</summary>
    Conversation,
}
