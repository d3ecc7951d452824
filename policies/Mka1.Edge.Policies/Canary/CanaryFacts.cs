namespace Mka1.Edge.Policies.Canary;

/// <summary>What the choice between a variant's pools looks at.</summary>
/// <param name="TenantId">The caller's tenant.</param>
/// <param name="EndUser">The end user it acts for; null for none.</param>
/// <param name="Conversation">Id of the conversation; null for none.</param>
/// <param name="PromptCacheKey">The request's <c>prompt_cache_key</c>; null for none.</param>
/// <param name="Healthy">Says whether a pool has a server that can be reached; all have when null.</param>
public readonly record struct CanaryFacts(string TenantId, string? EndUser, string? Conversation, string? PromptCacheKey, Func<string, bool>? Healthy);
