using System.Security.Cryptography;
using System.Text;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>
/// Whose prompts may share what a model server has computed: those of one tenant and end user, with the same
/// <c>prompt_cache_key</c>. Without it a caller would find out, by <c>cached_tokens</c> or by the time it takes, what others have asked.
/// </summary>
internal static class CacheScope
{
    private const int Bytes = 16;

    /// <summary>The <c>prompt_cache_key</c> that the model server gets: 32 digits, which tell it nothing about who calls.</summary>
    public static string KeyOf(ResponseRun run)
    {
        // Lengths in front, so that no two callers come to the same text.
        var (owner, key) = (run.Caller.Owner, run.Request.PromptCacheKey ?? "");
        var text = $"{owner.TenantId.Length}:{owner.TenantId}{(owner.EndUser is { } user ? $"{user.Length}:{user}" : "-")}{key}";
        return Convert.ToHexStringLower(HMACSHA256.HashData(run.Snapshot.CacheHashKey, Encoding.UTF8.GetBytes(text)).AsSpan(0, Bytes));
    }

    /// <summary>Puts it into a request.</summary>
    public static JsonEdit EditOf(ResponseRun run) => JsonEdit.Set("prompt_cache_key", Encoding.ASCII.GetBytes($"\"{run.CacheKey}\""));
}
